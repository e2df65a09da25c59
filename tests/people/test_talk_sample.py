"""The sample of messages: which are drawn, their weights, and the files to and from coders."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throffer.people import draw, read_codes, read_talk, write_for_coders
from throffer.people.talk import ACTS, gather_codes
from throffer.people.talk._codes import UNREADABLE
from throffer.people.talk._sample import LEAST, PER_SOURCE, allocate, with_strata


@pytest.fixture(scope="module")
def talk(folder: Path) -> pl.DataFrame:
    return read_talk(folder)


def small_talk(many: int = 400) -> pl.DataFrame:
    rng = np.random.default_rng(8)
    place = np.arange(many)
    return pl.DataFrame(
        {
            "id": [f"casino/dialogue-{k // 10}/{k % 10 + 1}" for k in place],
            "source": ["casino"] * many,
            "dialogue": [f"casino/dialogue-{k // 10}" for k in place],
            "position": place % 10 + 1,
            "length": [10] * many,
            "role": ["camper"] * many,
            "lie": pl.Series([None] * many, dtype=pl.Boolean),
            "counted": [True] * many,
            "text": [
                "that is only fair" if rare else "w" * int(size)
                for rare, size in zip(
                    rng.random(many) < 0.1, rng.integers(1, 200, many), strict=True
                )
            ],
            "before": [[{"same": False, "text": "hello"}]] * many,
        }
    )


sizes = st.dictionaries(st.text("abcdef", min_size=1), st.integers(1, 5000), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(sizes, st.floats(0, 1))
def test_allocation_adds_up_and_keeps_its_limits(sizes: dict[str, int], where: float) -> None:
    least, most = sum(min(size, LEAST) for size in sizes.values()), sum(sizes.values())
    total = least + round(where * (most - least))
    pull = dict.fromkeys(sizes, 1.0)
    if not least < total < most:
        with pytest.raises(ValueError, match="total is"):
            allocate(pull, sizes, total)
        return
    drawn = allocate(pull, sizes, total)
    assert sum(drawn.values()) == total
    for name, count in drawn.items():
        assert min(sizes[name], LEAST) <= count <= sizes[name]


def test_a_kind_that_is_pulled_twice_as_much_is_drawn_twice_as_often() -> None:
    drawn = allocate({"cue": 2.0, "long": 1.0}, {"cue": 900, "long": 900}, 90)
    assert drawn == {"cue": 60, "long": 30}


def test_weights_add_up_to_the_population_of_each_source() -> None:
    talk = small_talk()
    sample = draw(talk, per_source=60, seed=1)
    assert sample["weight"].sum() == pytest.approx(talk.height)
    assert sample["id"].n_unique() == 60


def test_weighted_shares_are_right_on_average_though_rare_kinds_are_drawn_more() -> None:
    talk = small_talk()
    truth = talk["text"].str.contains("fair").mean()
    found, plain = [], []
    for seed in range(200):
        sample = draw(talk, per_source=60, seed=seed)
        fair = sample["text"].str.contains("fair").cast(pl.Float64)
        found.append((fair * sample["weight"]).sum() / sample["weight"].sum())
        plain.append(fair.mean())
    assert np.mean(found) == pytest.approx(truth, abs=0.005)
    assert np.mean(plain) > 1.5 * float(str(truth))


def test_the_population_is_every_message_in_words_once(talk: pl.DataFrame) -> None:
    counted = talk.filter("counted")
    many = dict(counted["source"].value_counts().rows())
    assert many == {"ransomchats": 12010, "diplomacy": 17289, "casino": 11919}
    assert talk["id"].n_unique() == talk.height
    assert counted["text"].str.len_chars().min() == 1


def test_menu_actions_of_campers_are_context_but_not_messages(talk: pl.DataFrame) -> None:
    buttons = talk.filter(~pl.col("counted"))
    assert set(buttons["text"]) == {"Submit-Deal", "Accept-Deal", "Reject-Deal", "Walk-Away"}
    assert buttons.height == 14297 - 11919


def test_roles_of_diplomacy_follow_the_score_difference(talk: pl.DataFrame) -> None:
    many = dict(talk.filter(pl.col("source") == "diplomacy")["role"].value_counts().rows())
    assert many == {"weaker": 5417, "equal": 6011, "stronger": 5861}


def test_the_shipped_codes_are_of_the_sample_that_is_drawn(talk: pl.DataFrame) -> None:
    sample = draw(talk)
    codes = read_codes()
    assert dict(sample["source"].value_counts().rows()) == dict.fromkeys(
        ("ransomchats", "diplomacy", "casino"), PER_SOURCE
    )
    assert set(codes["id"]) == set(sample["id"])
    assert codes.group_by("id").len()["len"].unique().to_list() == [2]


def test_every_stratum_of_lies_and_roles_is_drawn_from(talk: pl.DataFrame) -> None:
    population = with_strata(talk)
    assert set(draw(talk)["stratum"]) == set(population["stratum"])
    assert population["stratum"].n_unique() == 18 + 6 + 6


def test_coders_see_the_message_and_nothing_that_gives_its_stratum_away(tmp_path: Path) -> None:
    sample = draw(small_talk(), per_source=30, seed=2)
    lines = write_for_coders(sample, tmp_path / "messages.jsonl").read_text("utf-8").splitlines()
    items = [json.loads(line) for line in lines]
    assert [item["id"] for item in items[:2]] == ["m001", "m002"]
    assert all(set(item) == {"id", "source", "speaker", "before", "message"} for item in items)
    assert [item["message"] for item in items] == sample["text"].to_list()


def coded_file(path: Path, sample: pl.DataFrame, **changes: str) -> Path:
    header = ",".join(["id", *ACTS, UNREADABLE])
    rows = [f"m{k:03d}," + ",".join("0" * 10) for k in range(1, sample.height + 1)]
    text = "\n".join([header, *rows]) + "\n"
    for old, new in changes.items():
        text = text.replace(old, new)
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"m003": "m002"}, "every message must occur once"),
        ({"m001,0": "m001,2"}, "expected 0 and 1"),
        ({"threat": "menace"}, "columns are"),
        ({"m002,0,0,0,0,0,0,0,0,0,0": "m002,1,0,0,0,0,0,0,0,0,1"}, "unreadable"),
    ],
)
def test_codes_that_are_not_as_asked_for_are_refused(
    changes: dict[str, str], message: str, tmp_path: Path
) -> None:
    sample = draw(small_talk(), per_source=30, seed=2)
    with pytest.raises(ValueError, match=message):
        gather_codes(sample, {"a": coded_file(tmp_path / "a.csv", sample, **changes)})


def test_gathered_codes_stand_by_message_and_coder(tmp_path: Path) -> None:
    sample = draw(small_talk(), per_source=30, seed=2)
    files = {
        "a": coded_file(tmp_path / "a.csv", sample, **{"m001,0": "m001,1"}),
        "b": coded_file(tmp_path / "b.csv", sample),
    }
    codes = gather_codes(sample, files)
    assert codes.height == 60
    threat = codes.filter(pl.col("threat") == 1)
    assert threat.select("id", "coder").rows() == [(sample["id"][0], "a")]


def test_the_shipped_codes_hold_ids_and_codes_alone() -> None:
    codes = read_codes()
    assert codes.columns == ["id", "coder", *ACTS, UNREADABLE]
    assert set(codes.select(*ACTS, UNREADABLE).unpivot()["value"]) == {0, 1}
