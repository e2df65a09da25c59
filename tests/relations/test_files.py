"""Event tables from files: one file or shards, Parquet or CSV, and what is wrong with them."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from throffer.relations import Columns, Settings, classify, event_files, relate, scan_events
from throffer.structure import Identity, SetupError

EVENTS = pl.DataFrame(
    {
        "who": ["ann", "bob"] * 6 + ["ann"] * 3,
        "whom": ["bob", "ann"] * 6 + ["cat"] * 3,
        "what": ["work", "pay"] * 6 + ["help", "none", None],
        "when": range(15),
    }
)
NAMED = Columns("who", "whom", "what", "when")


def plain(events: pl.DataFrame) -> pl.DataFrame:
    return events.rename(dict(zip(NAMED, Columns(), strict=True)))


def test_a_folder_of_shards_is_one_log(tmp_path: Path) -> None:
    for number in (3, 0, 4, 1, 2):
        EVENTS[3 * number : 3 * number + 3].write_parquet(tmp_path / f"{number}.parquet")
    EVENTS.write_parquet(tmp_path / "whole.PARQUET")  # another ending is not a shard
    files = event_files(tmp_path)
    assert [file.stem for file in files] == ["0", "1", "2", "3", "4"]
    assert classify(scan_events(files, NAMED)).equals(classify(plain(EVENTS)))


@pytest.mark.parametrize("ending", ["csv", "csv.gz"])
def test_csv_gives_the_same_with_names_as_text(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"events.{ending}"
    content = EVENTS.write_csv().encode()
    file.write_bytes(gzip.compress(content) if ending == "csv.gz" else content)
    assert classify(scan_events([file], NAMED)).equals(classify(plain(EVENTS)))


@pytest.mark.parametrize(
    ("times", "dtype"),
    [
        (["10", "9", "8"], pl.Int64()),
        (["1.5", "2", ""], pl.Float64()),
        (["2026-01-31T12:00:00", "2026-01-31T13:00:00", ""], pl.Datetime("us", "UTC")),
        (["2026-01-31T12:00:00Z", "2026-01-31T12:00:00+02:00", ""], pl.Datetime("us", "UTC")),
    ],
)
def test_times_in_csv_are_what_reads_every_value(
    tmp_path: Path, times: list[str], dtype: pl.DataType
) -> None:
    file = tmp_path / "events.csv"
    lines = [f"a,b,X,{time}" for time in times]
    file.write_text("\n".join(["actor,partner,action,time", *lines]))
    table = scan_events([file]).collect()
    assert table["time"].dtype == dtype
    assert table["time"].null_count() == times.count("")


def test_relations_on_disk_are_those_in_memory_with_their_origin(tmp_path: Path) -> None:
    EVENTS.write_parquet(tmp_path / "events.parquet")
    seen = []
    summary = relate(
        tmp_path / "events.parquet",
        tmp_path / "out" / "relations.parquet",
        Settings(columns=NAMED, nothing=("none",), shuffles=2),
        lambda stage: lambda done, total: seen.append((stage, done, total)),
    )
    written = pl.read_parquet(summary.out)
    assert written.equals(classify(plain(EVENTS), nothing=["none"]))
    assert summary.pairs == 2
    assert summary.counted == (15, 0, 0, 1, 1, 0, 13)
    assert dict(summary.counts.select("relation", "rows").iter_rows()) == {
        "communal": 0,
        "equality": 0,
        "market": 0,
        "authority": 1,
        "asocial": 1,
        "null": 0,
    }
    assert len(summary.chance) == 2
    assert seen == [("relations", 15, 15), ("chance 1", 15, 15), ("chance 2", 15, 15)]
    metadata = pq.read_schema(summary.out).metadata[b"throffer"]
    identity = Identity.model_validate_json(metadata)
    assert identity.data_hash == summary.digest
    assert identity.configuration["shuffles"] == 2
    assert identity.versions.keys() == {"python", "polars"}


def test_every_shuffle_deals_the_times_out_anew(tmp_path: Path) -> None:
    events = pl.concat(
        [plain(EVENTS).with_columns(pl.col("actor", "partner") + f"{i}") for i in range(200)]
    )
    events.write_parquet(tmp_path / "events.parquet")
    summary = relate(tmp_path / "events.parquet", tmp_path / "o.parquet", Settings(shuffles=3))
    assert len({tuple(sorted(each.items())) for each in summary.chance}) > 1


def test_missing_columns_are_named_with_those_that_are_there(tmp_path: Path) -> None:
    file = tmp_path / "events.parquet"
    EVENTS.write_parquet(file)
    with pytest.raises(SetupError, match=r"no column actor.*it has 'who', 'whom'.*--actor"):
        scan_events([file])


def test_names_of_columns_in_a_message_are_short_and_show_what_they_hold(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    names = ["\x1b[31mred", "x" * 10_000, *(f"c{number}" for number in range(100))]
    file.write_text(",".join(names) + "\n")
    with pytest.raises(SetupError, match=r"'\\x1b\[31mred'.*82 more") as caught:
        scan_events([file])
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 600 + len(str(file))


def test_a_folder_with_the_name_of_a_shard_is_none(tmp_path: Path) -> None:
    plain(EVENTS).write_parquet(tmp_path / "0.parquet")
    (tmp_path / "1.parquet").mkdir()
    (tmp_path / "2.csv").mkdir()
    assert event_files(tmp_path) == [tmp_path / "0.parquet"]


def test_one_column_cannot_stand_for_two(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="given twice"):
        scan_events([tmp_path / "any.parquet"], Columns(actor="who", partner="who"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("events.txt", b"a", r"is no \.parquet"),
        ("events.parquet", b"not parquet at all", "cannot be read"),
        ("events.csv", b"", "cannot be read"),
        ("events.csv", b"actor,partner,action,time\na,b,X,soon\n", "'soon'"),
    ],
)
def test_files_that_are_no_event_tables_are_named(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SetupError, match=message):
        relate(tmp_path / name, tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()


def test_folders_without_shards_or_with_two_kinds_are_turned_away(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="holds no"):
        event_files(tmp_path)
    (tmp_path / "a.csv").touch()
    (tmp_path / "b.parquet").touch()
    with pytest.raises(SetupError, match="both"):
        event_files(tmp_path)
    with pytest.raises(SetupError, match="does not exist"):
        event_files(tmp_path / "nowhere")


def test_shards_of_different_types_are_turned_away(tmp_path: Path) -> None:
    files = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    EVENTS.write_parquet(files[0])
    EVENTS.with_columns(pl.col("when").cast(pl.String)).write_parquet(files[1])
    with pytest.raises(SetupError, match="different types"):
        scan_events(files, NAMED)


def test_a_shard_that_breaks_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    events = pl.concat([plain(EVENTS)] * 5000)
    events.write_parquet(tmp_path / "events.parquet", compression="uncompressed", statistics=False)
    whole = (tmp_path / "events.parquet").read_bytes()
    broken = bytearray(whole)
    broken[4 : len(whole) // 2] = os.urandom(len(whole) // 2 - 4)
    (tmp_path / "events.parquet").write_bytes(broken)
    with pytest.raises(SetupError, match="cannot be read"):
        relate(tmp_path / "events.parquet", tmp_path / "out.parquet")
    assert [each.name for each in tmp_path.iterdir()] == ["events.parquet"]


def test_relations_are_a_parquet_file(tmp_path: Path) -> None:
    EVENTS.write_parquet(tmp_path / "events.parquet")
    with pytest.raises(SetupError, match="Parquet"):
        relate(tmp_path / "events.parquet", tmp_path / "out.csv", Settings(columns=NAMED))


def link(path: Path, target: Path) -> Path:
    path.symlink_to(target)
    return path


@pytest.mark.parametrize(
    ("events", "out"),
    [
        ("events.parquet", lambda folder: folder / "events.parquet"),
        ("events.parquet", lambda folder: folder / "shards" / ".." / "events.parquet"),
        (
            "events.parquet",
            lambda folder: link(folder / "other.parquet", folder / "events.parquet"),
        ),
        ("shards", lambda folder: folder / "shards" / "0.parquet"),
        ("shards", lambda folder: folder / "shards" / "relations.parquet"),
        ("shards", lambda folder: link(folder / "again", folder / "shards") / "relations.parquet"),
    ],
)
def test_events_are_never_written_over_nor_joined(
    tmp_path: Path, events: str, out: Callable[[Path], Path]
) -> None:
    (tmp_path / "shards").mkdir()
    files = [tmp_path / "events.parquet", tmp_path / "shards" / "0.parquet"]
    for file in files:
        plain(EVENTS).write_parquet(file)
    with pytest.raises(SetupError, match=r"--out .* of the events"):
        relate(tmp_path / events, out(tmp_path), Settings(shuffles=0))
    assert all(pl.read_parquet(file).equals(plain(EVENTS)) for file in files)
    assert [each.name for each in (tmp_path / "shards").iterdir()] == ["0.parquet"]


def test_a_folder_below_the_shards_takes_the_relations(tmp_path: Path) -> None:
    plain(EVENTS).write_parquet(tmp_path / "0.parquet")
    out = tmp_path / "found" / "relations.parquet"
    assert relate(tmp_path, out, Settings(shuffles=0)).out == out
    assert len(event_files(tmp_path)) == 1


@pytest.mark.parametrize("stage", ["relations", "chance 2"])
def test_nothing_is_put_in_place_when_any_stage_fails(tmp_path: Path, stage: str) -> None:
    plain(EVENTS).write_parquet(tmp_path / "events.parquet")
    (tmp_path / "out.parquet").write_bytes(b"from before")

    def tell(name: str) -> Callable[[int, int], None]:
        def fail(_done: int, _total: int) -> None:
            if name == stage:
                raise KeyboardInterrupt

        return fail

    with pytest.raises(KeyboardInterrupt):
        relate(tmp_path / "events.parquet", tmp_path / "out.parquet", Settings(shuffles=2), tell)
    assert (tmp_path / "out.parquet").read_bytes() == b"from before"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("wrong", "name"), [(Settings(seed=-1), "seed"), (Settings(shuffles=-1), "shuffles")]
)
def test_shuffles_that_cannot_be_are_named(tmp_path: Path, wrong: Settings, name: str) -> None:
    plain(EVENTS).write_parquet(tmp_path / "events.parquet")
    with pytest.raises(ValueError, match=f"{name} = -1"):
        relate(tmp_path / "events.parquet", tmp_path / "out.parquet", wrong)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("line", [b"\xe9,b,X,1", b'a,"b,X,1', b"a,b,X,1,2,3"])
@pytest.mark.parametrize("before", [0, 1, 20_000])
def test_a_csv_that_is_malformed_or_no_utf_8_is_named(
    tmp_path: Path, line: bytes, before: int
) -> None:
    rows = [b"a,b,X,%d" % time for time in range(before)]
    file = tmp_path / "events.csv"
    file.write_bytes(b"\n".join([b"actor,partner,action,time", *rows, line, b"a,b,X,5", b""]))
    with pytest.raises(SetupError, match=r"events\.csv cannot be read, it is not UTF-8 or malf"):
        relate(file, tmp_path / "out.parquet")
    assert list(tmp_path.iterdir()) == [file]
