"""Raw files that are present, missing, truncated or replaced by others."""

import gzip
import hashlib
from pathlib import Path

import pytest

from throffer.record import FOLDER_VARIABLE, SOURCES, Raw, RawFile, raw_files, record_folder
from throffer.record import _files as files_module
from throffer.structure import SetupError

CONTENT = gzip.compress(b"a,b\n1,x\n2,NA\n", mtime=0)


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Raw:
    known = RawFile("t.csv.gz", len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), "as upstream")
    monkeypatch.setattr(files_module, "raw_files", lambda source: (known,))
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "t.csv.gz").write_bytes(CONTENT)
    return Raw("made", ("t.csv.gz",), tmp_path, "https://example.org/made")


def test_a_whole_file_is_unpacked_and_read(raw: Raw) -> None:
    assert raw.csv("t.csv.gz", null="NA").rows() == [(1, "x"), (2, None)]


def test_a_missing_file_is_named_with_where_to_get_it(raw: Raw) -> None:
    (raw.folder / "t.csv.gz").unlink()
    assert [fault for _, fault in raw.states()] == ["missing"]
    with pytest.raises(
        SetupError, match=r"t\.csv\.gz is missing.*as upstream \(https://example\.org/made"
    ):
        raw.read("t.csv.gz")


def test_a_truncated_file_says_how_much_of_it_there_is(raw: Raw) -> None:
    (raw.folder / "t.csv.gz").write_bytes(CONTENT[:20])
    assert [fault for _, fault in raw.states()] == [f"truncated (20 of {len(CONTENT)} bytes)"]
    with pytest.raises(SetupError, match=f"truncated: 20 of {len(CONTENT)} bytes"):
        raw.read("t.csv.gz")


def test_a_longer_file_is_another_one(raw: Raw) -> None:
    (raw.folder / "t.csv.gz").write_bytes(CONTENT + b"more")
    assert [fault for _, fault in raw.states()] == [
        f"another file ({len(CONTENT) + 4} of {len(CONTENT)} bytes)"
    ]


def test_a_whole_file_has_no_fault(raw: Raw) -> None:
    assert [fault for _, fault in raw.states()] == [None]


def test_another_file_of_the_same_length_is_refused(raw: Raw) -> None:
    (raw.folder / "t.csv.gz").write_bytes(bytes(len(CONTENT)))
    with pytest.raises(SetupError, match="not the file whose coding was checked: SHA-256"):
        raw.read("t.csv.gz")


def test_the_error_for_a_missing_folder_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(SetupError, match=rf"{FOLDER_VARIABLE} = .*nowhere"):
        record_folder()


def test_a_folder_given_by_name_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=f"looked in {tmp_path / 'nowhere'}, which is not a fold"):
        record_folder(tmp_path / "nowhere")


def test_a_folder_given_by_name_comes_before_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "nowhere"))
    assert record_folder(tmp_path) == tmp_path


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("ransomchats", {"made for this collection"}),
        ("games_printed_tables", {"made for this collection"}),
        ("diplomacy", {"repacked from upstream"}),
        ("games_impunity", {"as upstream", "repacked from upstream"}),
    ],
)
def test_a_file_says_whether_its_origin_has_it(source: str, made: set[str]) -> None:
    assert {file.made for file in raw_files(source)} == made


@pytest.mark.parametrize("source", SOURCES)
def test_a_packed_file_is_never_called_as_upstream(source: str) -> None:
    plain = [file.name for file in raw_files(source) if file.made == "as upstream"]
    assert not [name for name in plain if name.endswith(".gz")]


def test_the_variable_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert record_folder() == tmp_path


def test_a_file_without_a_checksum_is_a_value_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"other\.csv"):
        Raw("diplomacy", ("other.csv",), tmp_path, "")


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_has_a_checksum_for_every_file_and_a_data_card(name: str) -> None:
    source = SOURCES[name]
    assert set(source.files) <= {file.name for file in raw_files(name)}
    card = (Path(__file__).parents[2] / "docs" / "record" / f"{name}.md").read_text("utf-8")
    assert source.licence in " ".join(card.split())
    for heading in ("## Origin", "## A row", "## Coding", "## Not coded", "## Biases"):
        assert heading in card
    for file in source.files:
        known = next(known for known in raw_files(name) if known.name == file)
        assert f"`{file}`" in card
        assert known.sha256 in card
