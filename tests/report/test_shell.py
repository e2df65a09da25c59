"""The shell of the pages."""

import re
from importlib.resources import files

import jinja2
import pytest

from throffer.report._shell import TEMPLATES, environment, render

FOLDER = files("throffer.report").joinpath(TEMPLATES)
PAGES = sorted(each.name for each in FOLDER.iterdir() if each.is_dir())


def test_every_page_extends_the_one_base_and_none_repeats_its_head():
    assert {"amplification", "audit", "map", "relations"} <= set(PAGES)
    for page in PAGES:
        for template in FOLDER.joinpath(page).iterdir():
            text = template.read_text(encoding="utf-8")
            assert "<head>" not in text, template
            assert "<html" not in text, template
        first = FOLDER.joinpath(page, "page.html.j2").read_text(encoding="utf-8")
        assert first.startswith('{% extends "base.html.j2" %}')


def test_a_page_uses_macros_and_templates_of_its_own_folder_or_of_all():
    for page in PAGES:
        for template in FOLDER.joinpath(page).iterdir():
            text = template.read_text(encoding="utf-8")
            for name in re.findall(r'\{% (?:extends|from|include|import) "([^"]+)"', text):
                assert "/" not in name or name.startswith(f"{page}/"), (template, name)


def test_a_name_that_a_template_lacks_is_a_fault():
    with pytest.raises(jinja2.UndefinedError):
        render("map")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("one", [("whole", "one")]),
        ("openai/gpt-5-mini", [("whole", "openai/"), ("whole", "gpt-5-mini")]),
        ("a/" + "b" * 40, [("whole", "a/"), ("", "b" * 40)]),
    ],
)
def test_a_name_may_wrap_behind_a_slash_and_only_a_very_long_part_breaks(
    name: str, shown: list[tuple[str, str]]
):
    text = str(environment().get_template("macros.html.j2").module.slashed(name))
    parts = [
        re.fullmatch(r'(?:<span class="(\w+)">)?([^<]+)(?:</span>)?', part)
        for part in text.removeprefix("<bdi>").removesuffix("</bdi>").split("<wbr>")
    ]
    assert [(part[1] or "", part[2]) for part in parts if part] == shown


def test_a_hostile_name_is_no_markup():
    text = str(environment().get_template("macros.html.j2").module.slashed("</bdi><b>/\x1b[31m"))
    assert "<b>" not in text
    assert "\x1b" not in text
