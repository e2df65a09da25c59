"""The check of a frame: no findings for a sound frame, and a finding for each kind of fault."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from throffer.cli import app
from throffer.situation import Finding, Severity, check_frame, load_frame
from throffer.situation._check import reading_ease
from throffer.situation._frame import FRAMES, folder_digest, frame_folders
from throffer.structure import FIELDS

EXAMPLE = Path(__file__).parents[2] / "docs" / "example_frame" / "bakery"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A user's own frame that is sound and frozen."""
    copy = tmp_path / "bakery"
    shutil.copytree(EXAMPLE, copy)
    shutil.copy(EXAMPLE.parent / "FROZEN.toml", tmp_path)
    return copy


@pytest.fixture
def world_folder(tmp_path: Path) -> Path:
    """A frame with a world, whose only error is that it has the name of a frame of the package."""
    copy = tmp_path / "municipality"
    shutil.copytree(FRAMES / "municipality", copy)
    return copy


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def errors(folder: Path) -> list[Finding]:
    return [finding for finding in check_frame(folder) if finding.severity is Severity.ERROR]


@pytest.mark.parametrize("name", frame_folders())
def test_nothing_is_found_in_the_frames_of_the_package(name: str) -> None:
    assert check_frame(frame_folders()[name]) == []


def test_nothing_is_found_in_the_example_of_the_guide() -> None:
    assert check_frame(EXAMPLE) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("memo.txt", "{future:amount}", "much", "does not state future (value of the continuing"),
        ("memo.txt", "{future:amount}", "{force:amount}", "states force more than once"),
        ("memo.txt", "{future:amount}", "{wealth:amount}", "unknown field 'wealth'"),
        ("memo.txt", "{future:amount}", "{future:percent}", "future cannot be printed"),
        ("memo.txt", "{future:amount}", "{ future:amount }", "that is no placeholder"),
        ("memo.txt", "{pie}", "{cake}", "no constant 'cake'"),
        ("memo.txt", "{pie}", "a sum", "does not say {pie}"),
        ("memo.txt", "`{record_step}`", "none", "does not say `{no_step}`"),
        ("memo.txt", "`walk_away`", "leave it", "does not say `walk_away`"),
        ("memo.txt", "Two", "unethical", "hints at what is observed: unethical"),
        ("memo.txt", "To our sales desk", "Words " * 400, "words; wordings have 200 to 500"),
        ("frame.toml", "version = 1", "version = 0", "version: "),
        ("frame.toml", "version = 1", "version = ", "Invalid value"),
        ("frame.toml", "version = 1", "version = 1\ncolour = 'red'", "colour: "),
        ("frame.toml", "pie = 8000", "pie = 8001", "does not say that the two amounts add up"),
        ("frame.toml", "pie = 8000", f"pie = {10**15}", "too large to print"),
        ("frame.toml", "overstated = 85", "overstated = 60", "must exceed fact.documented"),
        ("frame.toml", "halt_morning_run", "no_further_step", "an id of its own"),
        ("frame.toml", "halt_morning_run", "threaten_run", "observed: threaten"),
        ("frame.toml", '"Hale Mill"', '" "', "empty label"),
        ("frame.toml", ', "case"', "", "lists 2 different wordings"),
        ("frame.toml", '"case"', '"../case"', "wordings.2: "),
        ("frame.toml", '"case"', '"poem"', "is missing"),
    ],
)
def test_a_fault_is_found_where_it_is(
    folder: Path, file: str, old: str, new: str, said: str
) -> None:
    change(folder / file, old, new)
    found = errors(folder)
    # a missing file is named itself; a pie beyond printing shows in the texts
    place = {"is missing": "poem.txt", "too large to print": "memo.txt"}.get(said, file)
    assert place in [finding.file for finding in found if said in finding.message + finding.remedy]
    assert all(finding.remedy for finding in found)


def test_a_small_pie_gets_a_warning(folder: Path) -> None:
    for path in (folder / "frame.toml",):
        change(path, "pie = 8000", "pie = 80")
        change(path, "EUR 8,000", "EUR 80")
    found = [finding for finding in check_frame(folder) if "rounded by up to 1/160" in finding[2]]
    assert [finding.severity for finding in found] == [Severity.WARNING]


def test_a_text_that_is_hard_to_read_gets_a_warning(folder: Path) -> None:
    sentence = "Notwithstanding considerable organisational interdependencies, administrative "
    change(folder / "memo.txt", "Please reach", sentence * 12 + "Please reach")
    found = [finding for finding in check_frame(folder) if "reading ease" in finding.message]
    assert [(f.severity, f.file) for f in found] == [(Severity.WARNING, "memo.txt")]


def test_two_wordings_with_the_same_order_are_an_error(folder: Path) -> None:
    memo = (folder / "memo.txt").read_text("utf-8")
    (folder / "log.txt").write_text(memo.replace("the bakery", "our customer"), "utf-8")
    assert "tells the quantities in nearly the order of memo.txt" in " ".join(
        finding.message for finding in errors(folder)
    )


def test_texts_that_could_be_taken_for_the_packages_are_an_error(
    tmp_path: Path,
) -> None:
    shutil.copytree(FRAMES / "tenancy", tmp_path / "lodging")
    said = [finding.message for finding in errors(tmp_path / "lodging")]
    assert [
        f"cannot be told from tenancy/{name}" in message
        for name, message in zip(("memo", "log", "case"), said, strict=True)
    ] == [True] * 3


def test_the_name_of_a_frame_of_the_package_is_an_error(folder: Path) -> None:
    folder.rename(folder.parent / "tenancy")
    found = [finding.message for finding in errors(folder.parent / "tenancy")]
    assert found == ["is the name of a frame of the package"]


def test_an_invalid_name_is_an_error(folder: Path) -> None:
    folder.rename(folder.parent / "My Frame")
    assert [f.message for f in errors(folder.parent / "My Frame")] == ["is not a valid frame name"]


def test_a_text_that_is_not_listed_gets_a_warning(folder: Path) -> None:
    (folder / "poem.txt").write_text("Rye.")
    found = [finding for finding in check_frame(folder) if finding.file == "poem.txt"]
    assert [finding.severity for finding in found] == [Severity.WARNING]


def test_a_change_after_freezing_is_an_error_and_a_new_version_a_warning(folder: Path) -> None:
    change(folder / "memo.txt", "Please reach", "Kindly reach")
    assert ["frozen as version 1" in finding.message for finding in errors(folder)] == [True]
    change(folder / "frame.toml", "version = 1", "version = 2")
    (finding,) = check_frame(folder)
    assert (finding.severity, finding.message) == (Severity.WARNING, "version 2 is not frozen")
    assert f'2 = "{folder_digest(folder)}"' in finding.remedy


@pytest.mark.parametrize("content", [b"[bakery", b"bakery = 3", b"\xff\xfe"])
def test_a_broken_list_of_frozen_versions_is_a_finding(folder: Path, content: bytes) -> None:
    (folder.parent / "FROZEN.toml").write_bytes(content)
    assert [finding.file for finding in check_frame(folder)] == ["../FROZEN.toml"]


def _no_toml(folder: Path) -> None:
    (folder / "frame.toml").unlink()


def _not_utf8(folder: Path) -> None:
    (folder / "memo.txt").write_bytes(b"\xff\xfe\x00")


def _folder_for_file(folder: Path) -> None:
    (folder / "memo.txt").unlink()
    (folder / "memo.txt").mkdir()


def _deep_toml(folder: Path) -> None:
    (folder / "frame.toml").write_text("version = " + "[" * 20_000)


def _empty(folder: Path) -> None:
    (folder / "memo.txt").write_text("")


def _only_placeholders(folder: Path) -> None:
    (folder / "memo.txt").write_text("Sums: " + " ".join(f"{{{field}:amount}}" for field in FIELDS))


def _unreadable(folder: Path) -> None:
    (folder / "memo.txt").unlink()
    os.symlink(folder / "memo.txt", folder / "memo.txt")


@pytest.mark.parametrize(
    "spoil",
    [_no_toml, _not_utf8, _folder_for_file, _deep_toml, _empty, _only_placeholders, _unreadable],
)
def test_a_spoilt_folder_is_a_finding_and_no_exception(
    folder: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(folder)
    assert errors(folder) != []


def test_a_missing_folder_is_a_finding(tmp_path: Path) -> None:
    assert [finding.message for finding in check_frame(tmp_path / "none")] == ["is not a folder"]


@settings(max_examples=25, deadline=None)
@given(
    name=st.sampled_from(["frame.toml", "memo.txt"]),
    at=st.floats(0, 1),
    length=st.integers(0, 80),
    put=st.text(max_size=8) | st.sampled_from(["{", "}", "[", '"', "=", "{pie}", "{force:amount}"]),
)
def test_whatever_is_cut_and_put_there_is_no_exception(
    tmp_path_factory: pytest.TempPathFactory, name: str, at: float, length: int, put: str
) -> None:
    folder = tmp_path_factory.mktemp("any") / "bakery"
    shutil.copytree(EXAMPLE, folder)
    text = (folder / name).read_text("utf-8")
    start = int(at * len(text))
    spoilt = text[:start] + put + text[start + length :]
    (folder / name).write_bytes(spoilt.encode("utf-8", "replace"))
    assert all(isinstance(finding, Finding) for finding in check_frame(folder))


def world_errors(folder: Path) -> list[Finding]:
    return [finding for finding in errors(folder) if finding.file.startswith("world/")]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("works-bylaw.txt", "{veto:of_thousand}", "many", "wrong: veto"),
        ("task.txt", "- arena-ice-contract\n", "", "does not list the documents"),
        ("task.txt", "up to 24 calls", "some calls", "does not say up to 24 calls"),
        ("task.txt", "{pie} together", "{veto:percent}", "the task none"),
        ("task.txt", "Reach terms", "Threaten or reach terms", "observed: threaten"),
        ("gravel-plan.txt", "{documented}", "some", "no document with {documented}"),
        ("library-roof.txt", "Area", "Unfair area", "observed: unfair"),
        ("world.toml", '"library-roof",', "", "does not list the documents"),
        ("world.toml", '"library-roof",', '"../frame",', "documents.8: "),
        ("world.toml", "steps = 24", "steps = 3", "steps: "),
        ("world.toml", 'overseer = "Treasurer"', 'overseer = "Mayor"', "not among names.house"),
        ("world.toml", 'name = "pay"', 'name = "sign"', "two tools one name"),
        ("world.toml", 'arguments.question = "The question."', "", "needs descriptions"),
        ("world.toml", "{name}", "{thing}", "nothing fills: thing"),
        ("world.toml", "{they:,.2f}", "{they:{you}}", "nothing fills"),
        ("world.toml", "{they:,.2f}", "{they:q}", "Unknown format code"),
        ("world.toml", "has been sent.", "has {been} sent.", "nothing fills: been"),
        ("world.toml", 'signed = "The paper', 'signed = "An honest paper', "observed: honest"),
    ],
)
def test_a_fault_of_a_world_is_found(
    world_folder: Path, file: str, old: str, new: str, said: str
) -> None:
    change(world_folder / "world" / file, old, new)
    assert [finding for finding in world_errors(world_folder) if said in finding.message]


def test_answers_that_a_reader_cannot_tell_apart_are_found(world_folder: Path) -> None:
    path = world_folder / "world" / "world.toml"
    # `ended` is then how the other refusals begin
    change(path, "With this the matter has ended, and there is no agreement.", "")
    assert any("cannot be told apart" in f.message for f in world_errors(world_folder))


def test_a_world_copied_from_the_package_is_found(folder: Path) -> None:
    shutil.copytree(FRAMES / "mail_agent" / "world", folder / "world")
    change(folder / "world" / "world.toml", "stated_hours", "stated_sacks")
    change(folder / "world" / "world.toml", "delivered_hours", "delivered_sacks")
    said = " ".join(finding.message for finding in errors(folder))
    assert "cannot be told from mail_agent/world/" in said


def test_reading_ease_is_fleschs() -> None:
    # 9 words, 2 sentences, 9 syllables: 206.835 - 1.015 x 4.5 - 84.6 = 117.6675
    assert reading_ease("The cat sat on the mat. It was glad.") == pytest.approx(117.6675)
    # 4 words, 1 sentence; the (1), ta-ble (2), made (1), noise (1): 5 syllables
    # 206.835 - 1.015 x 4 - 84.6 x 5/4 = 97.025
    assert reading_ease("The table made noise") == pytest.approx(97.025)


def test_figures_and_ids_do_not_count_as_words() -> None:
    assert reading_ease("We met. `stated_hours` 1,250.") == reading_ease("We met.")


def test_a_text_without_words_has_no_reading_ease() -> None:
    assert math.isnan(reading_ease("1,250"))


def test_the_command_names_faults_and_exits_with_one(folder: Path) -> None:
    change(folder / "memo.txt", "Two", "unethical\u001b[31m")
    done = CliRunner().invoke(app, ["frame", "check", str(folder)])
    assert done.exit_code == 1
    assert "error  memo.txt: names a conduct" in done.output
    assert "\u001b" not in done.output


def test_the_command_exits_with_zero_if_nothing_is_wrong(folder: Path) -> None:
    done = CliRunner().invoke(app, ["frame", "check", str(folder)])
    assert (done.exit_code, done.output) == (0, f"{folder}: errors: 0, warnings: 0\n")


def test_a_broken_frame_elsewhere_does_not_stop_the_check(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(folder / "memo.txt", "{pie}", "{cake}")
    monkeypatch.setenv("THROFFER_FRAMES", str(folder))
    assert len(errors(folder)) >= 1


def test_the_example_can_be_loaded_by_its_path() -> None:
    assert load_frame(EXAMPLE).pie == 8000
