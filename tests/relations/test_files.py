"""Event tables from files: one file or shards, Parquet or CSV, and what is wrong with them."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from throffer.relations import (
    Columns,
    Settings,
    TextFormat,
    classify,
    event_files,
    relate,
    scan_events,
)
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
        ("events.txt", b"a", r"is not a \.parquet"),
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


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"\xe9,b,X,1", r"line {} is not UTF-8"),
        (b'a,"b,X,1', r"line {}: a quote opens there and does not close"),
        (b'a,b"c,X,1', r'line {}: a " is inside a field'),
        (b"a,b,X,1,2,3", r"line {} has 6 fields, the header has 4"),
    ],
)
@pytest.mark.parametrize("before", [0, 1, 20_000])
def test_a_csv_that_is_malformed_or_no_utf_8_is_named_with_the_line(
    tmp_path: Path, line: bytes, why: str, before: int
) -> None:
    rows = [b"a,b,X,%d" % time for time in range(before)]
    file = tmp_path / "events.csv"
    file.write_bytes(b"\n".join([b"actor,partner,action,time", *rows, line, b"a,b,X,5", b""]))
    with pytest.raises(SetupError, match=rf"events\.csv cannot be read: {why.format(before + 2)}"):
        relate(file, tmp_path / "out.parquet")
    assert list(tmp_path.iterdir()) == [file]


def write(folder: Path, *lines: str, name: str = "events.csv") -> Path:
    (folder / name).write_text("\n".join(lines) + "\n")
    return folder / name


HEAD = "actor,partner,action,time"
DATES = ["03/04/2026", "03/05/2026", "03/06/2026", "03/07/2026", "03/08/2026", "03/09/2026"]


def alternating(dates: list[str]) -> list[str]:
    sides = ["a,b,help", "b,a,help"]
    return [HEAD, *(f"{sides[number % 2]},{date}" for number, date in enumerate(dates))]


def test_dates_that_could_be_of_either_order_are_refused_with_their_line(tmp_path: Path) -> None:
    file = write(tmp_path, *alternating(DATES))
    with pytest.raises(
        SetupError, match=r"events\.csv, line 2: the time '03/04/2026'.*%d/%m/%Y.*%m/%d/%Y"
    ):
        relate(file, tmp_path / "out.parquet")


@pytest.mark.parametrize(("form", "relation"), [("%m/%d/%Y", "equality"), ("%d/%m/%Y", "communal")])
def test_declared_dates_are_read_as_declared(tmp_path: Path, form: str, relation: str) -> None:
    # month first the sides take turns; day first 2/1 to 2/6 lie months apart, in another order
    dates = ["01/02/2026", "01/03/2026", "02/01/2026", "02/02/2026", "03/01/2026", "03/02/2026"]
    file = write(tmp_path, *alternating(dates))
    settings = Settings(text=TextFormat(time_format=form), shuffles=0)
    summary = relate(file, tmp_path / "out.parquet", settings)
    assert pl.read_parquet(summary.out)["relation"].to_list() == [relation]
    assert summary.time == "dates and times; those without a zone are taken as UTC"


def test_a_time_that_is_not_as_declared_is_refused_with_its_line(tmp_path: Path) -> None:
    file = write(tmp_path, *alternating(["31/01/2026", "01/31/2026"]))
    with pytest.raises(
        SetupError, match=r"line 3: the time '01/31/2026' does not have the format %d/%m"
    ):
        scan_events([file], text=TextFormat(time_format="%d/%m/%Y"))


def test_a_stray_value_among_iso_dates_is_the_one_that_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, HEAD, 'a,b,"X\nY",2026-01-31', "a,b,X,2026-01-31 12:00", "a,b,X,soon")
    with pytest.raises(SetupError, match=r"line 5: the time 'soon'.*as others are"):
        scan_events([file])


def test_iso_dates_have_one_meaning(tmp_path: Path) -> None:
    times = ["2026-01-31", "2026-01-31 12:00", "2026-01-31T12:00:00.5", "2026-01-31T12:00+02:00"]
    file = write(tmp_path, HEAD, *(f"a,b,X,{time}" for time in times))
    read = [time.isoformat()[8:] for time in scan_events([file]).collect()["time"]]
    assert read == [
        "31T00:00:00+00:00",
        "31T12:00:00+00:00",
        "31T12:00:00.500000+00:00",
        "31T10:00:00+00:00",
    ]


def test_a_time_format_for_times_that_are_no_text_is_a_mistake(tmp_path: Path) -> None:
    plain(EVENTS).write_parquet(tmp_path / "events.parquet")
    with pytest.raises(SetupError, match="the times are Int64 already"):
        scan_events([tmp_path / "events.parquet"], text=TextFormat(time_format="%Y"))


def test_text_times_in_parquet_are_read_as_in_csv(tmp_path: Path) -> None:
    file = tmp_path / "events.parquet"
    rows = {"actor": ["a"], "partner": ["b"], "action": ["X"], "time": ["2026-01-31"]}
    pl.DataFrame(rows).write_parquet(file)
    assert scan_events([file]).collect()["time"].dtype == pl.Datetime("us", "UTC")


@pytest.mark.parametrize(("sign", "name"), [(";", "';'"), ("\t", "tab"), ("|", r"'\|'")])
def test_another_separator_is_named_and_can_be_given(tmp_path: Path, sign: str, name: str) -> None:
    file = write(tmp_path, HEAD.replace(",", sign), sign.join(["a", "b", "X", "1"]))
    with pytest.raises(SetupError, match=rf"separated by {name}, not by ','\. Give --separator"):
        scan_events([file])
    assert scan_events([file], text=TextFormat(separator=sign)).collect().height == 1


def test_utf_16_is_named(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text(f"{HEAD}\na,b,X,1\n", encoding="utf-16")
    with pytest.raises(SetupError, match=r"is UTF-16.*Save it as CSV in UTF-8"):
        scan_events([file])


def test_a_column_that_stands_twice_is_refused_where_it_is_used(tmp_path: Path) -> None:
    file = write(tmp_path, f"{HEAD},note,note,time", "a,b,X,1,,,2")
    with pytest.raises(SetupError, match=r"line 1: the column 'time' occurs 2 times"):
        scan_events([file])
    file = write(tmp_path, f"{HEAD},note,note", "a,b,X,1,,")
    assert scan_events([file]).collect().height == 1


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz", "ndjson"])
def test_json_lines_give_the_same(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"events.{ending}"
    content = EVENTS.write_ndjson().encode()
    file.write_bytes(gzip.compress(content) if ending.endswith("gz") else content)
    assert classify(scan_events([file], NAMED)).equals(classify(plain(EVENTS)))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"actor": ', "Expecting value"),
        ("[1, 2]", "holds list, not an object"),
    ],
)
@pytest.mark.parametrize("before", [0, 3])
def test_json_lines_at_fault_are_named(tmp_path: Path, line: str, why: str, before: int) -> None:
    good = '{"actor": "a", "partner": "b", "action": "X", "time": 1}'
    file = write(tmp_path, *[good] * before, line, name="events.jsonl")
    with pytest.raises(SetupError, match=rf"line {before + 1}:? {why}"):
        relate(file, tmp_path / "out.parquet")


def test_json_lines_with_a_field_twice_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path, '{"actor": "a", "actor": "b"}', name="events.jsonl")
    with pytest.raises(SetupError, match="line 1: the field 'actor' occurs 2 times"):
        scan_events([file])


@pytest.mark.parametrize("text", ["inf", "-Infinity", "1e999"])
def test_a_time_that_is_infinite_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    file = write(tmp_path, HEAD, "a,b,X,1", f"b,a,X,{text}")
    with pytest.raises(SetupError, match=r"events\.csv, line 3: the time -?inf is infinite"):
        relate(file, tmp_path / "out.parquet")
    times = pl.DataFrame({"actor": ["a"], "partner": ["b"], "action": ["X"], "time": [float(text)]})
    times.write_parquet(tmp_path / "events.parquet")
    with pytest.raises(SetupError, match=r"events\.parquet: the time -?inf is infinite"):
        relate(tmp_path / "events.parquet", tmp_path / "out.parquet")


def test_an_action_that_is_a_list_is_refused(tmp_path: Path) -> None:
    line = '{"actor": "a", "partner": "b", "action": ["X", "Y"], "time": 1}'
    with pytest.raises(SetupError, match=r"actions are List\(String\); a row has one action"):
        relate(write(tmp_path, line, name="events.jsonl"), tmp_path / "out.parquet")


def test_a_page_that_fails_keeps_the_relations_from_being_written(tmp_path: Path) -> None:
    def fail(_: object) -> str:
        raise OSError(28, "No space left on device")

    file = write(tmp_path, HEAD, "a,b,X,1")
    out, page = tmp_path / "made" / "out.parquet", tmp_path / "made" / "out.html"
    with pytest.raises(SetupError, match="No space left"):
        relate(file, out, Settings(shuffles=0), beside=(page, fail))
    assert list(out.parent.iterdir()) == []
