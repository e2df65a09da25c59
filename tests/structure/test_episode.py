"""The Episode table: what it admits, and that a file gives back what was written."""

import json

import polars as pl
import pyarrow.parquet as pq
import pytest

from throffer.structure import (
    FIELDS,
    SCHEMA,
    Identity,
    SetupError,
    check_episodes,
    episodes,
    read_episodes,
    write_episodes,
)

IDENTITY = Identity(configuration={"budget": 400}, code_version="0.1.0", seed=7)

ROWS = [
    {
        "id": "a-1",
        "record_type": "model",
        "seed": 2**62,
        "force": 0.5,
        "lever": "force",
        "candour": True,
        "outcome": "authority",
        "answer": "accepted",
        "completed": False,
        "text": 'é "quoted"\n</script>\x1b[31m',
    },
    {"id": "a-2", "outcome": "refusal", "error": None},
]


def test_the_schema_holds_the_dyad_and_its_coordinates():
    assert [name for name in SCHEMA if name in FIELDS] == list(FIELDS)
    assert {"power", "information", "constraint"} < set(SCHEMA)


def test_what_is_left_out_is_null():
    table = episodes(ROWS)
    assert table.schema == SCHEMA
    assert table["opacity"].null_count() == 2
    assert table["force"].to_list() == [0.5, None]


def test_no_rows_make_an_empty_table_of_the_same_schema():
    assert episodes([]).schema == SCHEMA


def test_a_file_gives_back_the_table_and_the_identity(tmp_path):
    table = episodes(ROWS)
    path = write_episodes(table, tmp_path / "new" / "episodes.parquet", IDENTITY)
    back = read_episodes(path)
    assert back.table.equals(table)
    assert Identity.model_validate(back.identity) == IDENTITY
    assert [entry.name for entry in path.parent.iterdir()] == ["episodes.parquet"]


def test_an_empty_table_survives_its_file(tmp_path):
    path = write_episodes(episodes([]), tmp_path / "none.parquet", IDENTITY)
    assert read_episodes(path).table.equals(episodes([]))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": "x", "mood": "grim"}, "unknown Episode columns: mood"),
        ({"outcome": "even"}, "id has nulls"),
        ({"id": "x", "outcome": "sulking"}, "outcome = 'sulking'"),
        ({"id": "x", "lever": "charm"}, "lever = 'charm'"),
        ({"id": "x", "part": "middle"}, "part = 'middle'"),
        ({"id": "x", "answer": "maybe"}, "answer = 'maybe'"),
        ({"id": "x", "record_type": "rumour"}, "record_type = 'rumour'"),
    ],
)
def test_a_bad_row_is_named(row, message):
    with pytest.raises(ValueError, match=message):
        episodes([row])


def test_a_value_of_the_wrong_type_is_a_value_error():
    with pytest.raises(ValueError, match="force"):
        episodes([{"id": "x", "force": "much"}])


def test_an_id_that_occurs_twice_is_named():
    with pytest.raises(ValueError, match="'a-1' occurs twice"):
        episodes([ROWS[0], ROWS[1], ROWS[0]])


def test_a_table_with_a_wrong_column_type_says_which():
    with pytest.raises(ValueError, match=r"seed \(String, expected Int64\)"):
        check_episodes(episodes(ROWS).with_columns(pl.col("seed").cast(pl.String)))


def test_a_table_with_columns_in_another_order_is_refused():
    table = episodes(ROWS)
    with pytest.raises(ValueError, match="another order"):
        check_episodes(table.select(reversed(table.columns)))


def test_a_table_with_a_missing_column_says_which():
    with pytest.raises(ValueError, match=r"wording \(missing"):
        check_episodes(episodes(ROWS).drop("wording"))


def test_a_folder_that_cannot_be_made_is_a_set_up_error(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(SetupError, match=r"Cannot write .*episodes\.parquet"):
        write_episodes(episodes(ROWS), tmp_path / "file" / "episodes.parquet", IDENTITY)


def test_a_read_only_file_system_is_a_set_up_error():
    with pytest.raises(SetupError, match="Cannot write /proc/"):
        write_episodes(episodes(ROWS), "/proc/throffer/episodes.parquet", IDENTITY)


def test_a_bad_table_writes_nothing(tmp_path):
    with pytest.raises(ValueError, match="not an Episode table"):
        write_episodes(episodes(ROWS).drop("text"), tmp_path / "episodes.parquet", IDENTITY)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_a_set_up_error(tmp_path):
    with pytest.raises(SetupError, match="does not exist"):
        read_episodes(tmp_path / "nowhere.parquet")


@pytest.mark.parametrize("kept", [0, 3, 100, -1])
def test_a_truncated_file_is_a_set_up_error(tmp_path, kept):
    path = write_episodes(episodes(ROWS), tmp_path / "episodes.parquet", IDENTITY)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(SetupError, match="not a readable Parquet file"):
        read_episodes(path)


def test_a_damaged_body_is_a_set_up_error(tmp_path):
    path = write_episodes(episodes(ROWS), tmp_path / "episodes.parquet", IDENTITY)
    whole = bytearray(path.read_bytes())
    whole[4:400] = bytes(396)
    path.write_bytes(whole)
    with pytest.raises(SetupError):
        read_episodes(path)


def test_a_foreign_parquet_file_is_a_set_up_error(tmp_path):
    path = tmp_path / "foreign.parquet"
    pl.DataFrame({"x": [1]}).write_parquet(path)
    with pytest.raises(SetupError, match="holds no throffer identity"):
        read_episodes(path)


def test_a_file_of_ours_with_other_columns_is_a_set_up_error(tmp_path):
    path = tmp_path / "other.parquet"
    table = pl.DataFrame({"x": [1]}).to_arrow()
    pq.write_table(
        table.replace_schema_metadata({b"throffer": IDENTITY.model_dump_json().encode()}), path
    )
    with pytest.raises(SetupError, match="not an Episode table"):
        read_episodes(path)


def older(path, sources):
    """A table as a version without the column `part` wrote it."""
    rows = [{"id": str(index), "source": source} for index, source in enumerate(sources)]
    table = episodes(rows).drop("part").to_arrow()
    label = {b"throffer": json.dumps({"code_version": "0.0.1"}).encode()}
    pq.write_table(table.replace_schema_metadata(label), path)
    return path


def test_an_older_table_gets_the_part_that_its_source_names(tmp_path):
    path = older(tmp_path / "old.parquet", ["audit/main", "audit/no_lever", "casino", None])
    back = read_episodes(path)
    assert back.table.schema == SCHEMA
    assert back.table["part"].to_list() == ["main", "no_lever", None, None]
    assert back.identity == {"code_version": "0.0.1"}


def test_an_older_table_with_a_part_that_no_design_has_is_refused(tmp_path):
    with pytest.raises(SetupError, match="part = 'middle'"):
        read_episodes(older(tmp_path / "old.parquet", ["audit/middle"]))


def test_a_folder_is_no_table(tmp_path):
    with pytest.raises(SetupError):
        read_episodes(tmp_path)
