"""The documentation says what is so: examples run, links lead somewhere, numbers are the code's."""

import doctest
import re
from pathlib import Path

import pytest
import typer
import yaml

import throffer
from throffer.cli import app
from throffer.design._design import SHARES
from throffer.measure import FREE_NORMS
from throffer.measure._choice import GROUP_PRIOR, PRIORS
from throffer.stats import UNMOVED
from throffer.structure import FIELDS, UNSANCTIONED, Outcome

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md"])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
WITH_EXAMPLES = [page for page in PAGES if ">>>" in page.read_text("utf-8")]

README_WORDS = 400
README_PICTURE = 200_000


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.stem)
def test_examples_on_a_page_print_what_it_says(page: Path) -> None:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    result = doctest.testfile(str(page), module_relative=False, optionflags=flags)
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
    local = [target for target in targets if "://" not in target]
    missing = [target for target in local if not (page.parent / target).exists()]
    assert missing == []


def commands() -> list[tuple[str, str, str]]:
    """Every `throffer` command in an indented or fenced block: page, subcommand, the rest."""
    found = []
    for page, name in zip(PAGES, NAMES, strict=True):
        joined = page.read_text("utf-8").replace("\\\n", " ")
        for line in re.findall(r"^(?: {4,})?throffer ([a-z].*)$", joined, re.MULTILINE):
            word, _, rest = line.partition(" ")
            found.append((name, word, rest.split("  #")[0]))
    return found


def test_commands_on_the_pages_exist_with_their_options() -> None:
    group = typer.main.get_command(app)
    wrong = []
    for page, word, rest in commands():
        command = group.commands.get(word)  # type: ignore[attr-defined]
        if hasattr(command, "commands"):
            command = command.commands.get(rest.split(" ")[0])
        known = {option for p in getattr(command, "params", []) for option in p.opts}
        used = {
            part.split("=")[0] for part in re.findall(r"(?<=\s)-{1,2}[A-Za-z][\w-]*", f" {rest}")
        }
        if command is None or not used <= known:
            wrong.append((page, word, sorted(used - known)))
    assert len(commands()) > 10
    assert wrong == []


def test_the_readme_is_short_and_shows_one_small_picture() -> None:
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", text("README.md"))
    assert len(text("README.md").split()) < README_WORDS
    assert len(pictures) == 1
    assert (ROOT / pictures[0]).stat().st_size < README_PICTURE


def test_the_citation_names_this_version() -> None:
    citation = yaml.safe_load(text("CITATION.cff"))
    assert citation["version"] == throffer.__version__
    assert any("2601.08673" in str(each) for each in citation["references"])


@pytest.mark.parametrize("name", [*FIELDS])
def test_the_theory_names_every_field_of_the_dyad(name: str) -> None:
    assert f"`{name}`" in text("docs/theory.md")


def test_the_theory_marks_the_conducts_that_are_not_sanctioned() -> None:
    rows = re.findall(r"^\| (\w[\w ]*) \|[^|]*\| (yes|no) \|", text("docs/theory.md"), re.MULTILINE)
    marked = {name.replace(" ", "_"): verdict == "yes" for name, verdict in rows}
    assert len(marked) == 10
    assert {name for name, sanctioned in marked.items() if not sanctioned} == set(UNSANCTIONED)


@pytest.mark.parametrize("outcome", [each.value for each in Outcome if each.conduct is None])
def test_the_glossary_explains_every_outcome_outside_the_game(outcome: str) -> None:
    assert f"**{outcome}**" in text("docs/glossary.md")


def test_the_measurement_page_states_the_priors_that_are_used() -> None:
    page = text("docs/measurement.md")
    assert f"| guilt | plain | {PRIORS['guilt'].mean:g}, {PRIORS['guilt'].sd:g} |" in page
    norms = {PRIORS[f"norm_{conduct.value}"] for conduct in FREE_NORMS}
    (norm,) = norms
    assert re.search(rf"\| norms against .* \| plain \| {norm.mean:g}, {norm.sd:g} \|", page)
    assert f"log 8, {PRIORS['log_precision'].sd:g}" in page
    assert f"log 8, {PRIORS['log_counterpart_precision'].sd:g}" in page
    envy = PRIORS["counterpart_envy"]
    assert re.search(rf"envy, as the agent expects it \| plain \| {envy.mean:g}, {envy.sd:g}", page)
    assert f"logit 0.03, {PRIORS['logit_lapse'].sd:g}" in page
    assert f"{GROUP_PRIOR.mean:g}, {GROUP_PRIOR.sd:g}; they sum to 0" in page
    assert f"more than {UNMOVED:g} of the prior's" in page


def test_the_measurement_page_states_the_shares_of_the_design() -> None:
    page = text("docs/measurement.md")
    for part, share in SHARES.items():
        assert re.search(rf"`{part}`.*\| {100 * share:g} %", page), part


def test_every_page_is_in_the_navigation() -> None:
    listed = set(re.findall(r"[\w/-]+\.md", text("mkdocs.yml")))
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}
    assert {page for page in pages - listed if not page.startswith("record/")} == set()
    assert listed - pages == set()
