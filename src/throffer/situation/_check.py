"""Check a user's own frame by the rules that the package's frames follow.

`check_frame` accepts any folder. It reports every fault as a finding and never raises an exception
because of what is in the folder. docs/frames.md explains how to write a frame.
"""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from throffer.situation._check_world import check_world
from throffer.situation._finding import Finding, attempt, check_words, error, warning
from throffer.situation._frame import (
    FrameFile,
    folder_digest,
    frame_folders,
    frame_of,
    read_frame,
    read_frame_file,
    read_wording,
)
from throffer.situation._terms import tools_of
from throffer.situation._text import PROBABILITIES, Template, Units, collapse, quantise_fields
from throffer.structure import FIELDS

WORDS = (200, 500)
"""Smallest and largest number of words of a wording."""

EASE = 50.0
"""Flesch reading ease below which a wording gets a warning; Flesch calls it difficult there."""

WORDINGS = 3
"""Smallest number of wordings; with fewer, the effect of the wording cannot be estimated."""

SAME_ORDER = 0.8
"""Two wordings are too alike if this share of pairs of quantities has the same order in both."""

FINE = 1000
"""Smallest pie, in whole units, at which rounding changes no quantity by over 0.0005 pies."""

ROUNDS = 60
"""Number of random dyads that are rendered and read back in each wording."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SENTENCE_END = re.compile(r"[.!?:;](?=\s|$)|\n\s*\n")
_PLAIN_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")


def check_frame(folder: Path) -> list[Finding]:
    """List what is wrong with the frame in a folder, file by file.

    The checks are:

    - files, keys and placeholders are right;
    - every wording states each quantity once, and random dyads can be read back from it;
    - no text can be mistaken for another, of this frame or of the package's frames;
    - every wording names the pie, the documented fact and the tools;
    - no text, tool or label contains a word of `forbidden.txt`;
    - wordings differ in order and have the right length and reading ease;
    - the documents of the world, if the frame has one, are right;
    - this version of the frame is frozen.

    Args:
        folder: the folder that holds `frame.toml`.

    Returns:
        The findings; empty if nothing is wrong.
    """
    # resolved, because the folder `.` has no name
    folder = folder.resolve()
    if not folder.is_dir():
        return [error(folder.name, "is not a folder", "Name the folder that holds frame.toml.")]
    digest, findings = attempt(
        folder.name, lambda: folder_digest(folder), "Make every file readable."
    )
    if digest is None:
        return findings
    file, findings = attempt(
        "frame.toml", lambda: read_frame_file(folder), "See the keys in docs/frames.md."
    )
    findings += _check_name(folder)
    if file is None:
        return findings
    templates: dict[str, Template] = {}
    for wording in file.wordings:
        template, found = attempt(
            f"{wording}.txt",
            lambda wording=wording: read_wording(folder, wording),
            "See the placeholders in docs/frames.md.",
        )
        findings += found
        if template is not None:
            found = _check_wording(file, wording, template)
            findings += found
            if not found:
                templates[wording] = template
    findings += _check_together(file, templates)
    findings += _check_apart(folder, file.units, templates)
    findings += _check_labels(file)
    findings += _check_strays(folder, file)
    if (folder / "world").is_dir():
        findings += check_world(frame_of(folder, file, {}))
    return findings + _check_frozen(folder, file, digest)


def reading_ease(text: str) -> float:
    """Flesch reading ease: 206.835 - 1.015 words/sentence - 84.6 syllables/word; higher is easier.

    Numbers and text in backticks are not counted. A sentence ends at `.!?:;` or at an empty line.
    Syllables are counted as groups of vowels, without a silent `e` at the end of a word. The result
    is NaN if there are no words.
    Source: R. Flesch, A new readability yardstick, Journal of Applied Psychology 32 (1948) 221-233.

    ```python
    >>> round(reading_ease("The cat sat on the mat. It was glad."), 1)  # 9 words, 2 sentences
    117.7

    ```
    """
    plain = re.sub(r"`[^`]*`", " ", text.lower())
    words = _PLAIN_WORD.findall(plain)
    if not words:
        return float("nan")
    sentences = [part for part in _SENTENCE_END.split(plain) if _PLAIN_WORD.search(part)]
    syllables = sum(_syllables(word) for word in words)
    return 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * syllables / len(words)


def _syllables(word: str) -> int:
    return max(len(re.findall(r"[aeiouy]+", re.sub(r"(?<=[^aeiouyl])e$", "", word))), 1)


def _check_name(folder: Path) -> list[Finding]:
    if not _NAME.fullmatch(folder.name):
        return [error(folder.name, "is not a valid frame name", "Use small letters, digits and _.")]
    known = frame_folders().get(folder.name)
    if known is not None and known.resolve() != folder:
        return [error(folder.name, "is the name of a frame of the package", "Rename the folder.")]
    return []


def _check_wording(file: FrameFile, wording: str, template: Template) -> list[Finding]:
    name = f"{wording}.txt"
    missing = [field for field in FIELDS if field not in template.fields]
    if missing:
        lacks = "; ".join(f"{field} ({FIELDS[field].meaning})" for field in missing)
        return [error(name, f"does not state {lacks}", "State each once, as {field:form}.")]
    holder = _Holder(file.units)
    _, findings = attempt(name, lambda: template.anchor(holder), "Use only the constants listed.")
    if findings:
        return findings
    findings = _check_reading(name, template, holder)
    if findings:
        return findings
    text = template.render(_ordinary(), holder)
    return [*_check_said(file, name, text), *_check_style(name, text), *check_words(name, text)]


class _Holder:
    """What a template needs of a frame, for a frame that other faults keep from loading."""

    def __init__(self, units: Units) -> None:
        self.units = units


def _check_reading(name: str, template: Template, holder: _Holder) -> list[Finding]:
    remedy = "Between the quantities, put words that cannot be read as part of an amount."
    for dyad in _dyads():
        read, findings = attempt(
            name,
            lambda dyad=dyad: template.parse(template.render(dyad, holder), holder),
            "Lower the pie if amounts are too large to print; else change the words between them.",
        )
        if findings:
            return findings
        if read != quantise_fields(dyad, holder.units):
            return [error(name, "does not give back the quantities put into it", remedy)]
    return []


def _dyads() -> Iterator[dict[str, float]]:
    """Dyads to render and read back: all zeros, all ones, then random ones from a fixed seed."""
    yield dict.fromkeys(FIELDS, 0.0)
    yield dict.fromkeys(FIELDS, 1.0)
    rng = np.random.default_rng(0)
    for _ in range(ROUNDS):
        sizes = 10 ** rng.uniform(-4, 3, len(FIELDS)) * rng.choice([-1, 1], len(FIELDS))
        shares = rng.random(len(FIELDS))
        yield {
            field: float(share if field in PROBABILITIES else size if r.low < 0 else abs(size))
            for (field, r), size, share in zip(FIELDS.items(), sizes, shares, strict=True)
        }


def _ordinary() -> dict[str, float]:
    """A dyad with moderate numbers, for the checks that do not depend on the quantities."""
    return {field: 0.1 + 0.05 * at for at, field in enumerate(FIELDS)}


def _check_said(file: FrameFile, name: str, text: str) -> list[Finding]:
    tools = tools_of(file.tools, file.fact, file.if_refused)
    needed = {
        "{pie}": file.units.constants["pie"],
        "{documented}": file.units.constants["documented"],
        "`{stated}`": f"`{file.fact.argument}`",
        **{f"`{word}`": f"`{word}`" for word in ("they_receive", "we_receive", "if_refused")},
        **{f"`{tool.name}`": f"`{tool.name}`" for tool in tools},
        "`{no_step}`, `{open_step}` and `{record_step}`": "",
    }
    unsaid = [how for how, words in needed.items() if words not in text]
    if not all(f"`{step}`" in text for step in file.if_refused.values()):
        unsaid.append("`{no_step}`, `{open_step}` and `{record_step}`")
    return [error(name, f"does not say {', '.join(unsaid)}", "Add them.")] if unsaid else []


def _check_style(name: str, text: str) -> list[Finding]:
    findings, length = [], len(text.split())
    if not WORDS[0] <= length <= WORDS[1]:
        said = f"has {length} words; wordings have {WORDS[0]} to {WORDS[1]}"
        findings.append(error(name, said, "Shorten or lengthen it."))
    ease = reading_ease(text)
    if ease < EASE:
        said = f"has a reading ease of {ease:.0f} (Flesch); {EASE:.0f} and more reads plainly"
        findings.append(warning(name, said, "Use shorter sentences and words."))
    return findings


def _check_together(file: FrameFile, templates: Mapping[str, Template]) -> list[Finding]:
    findings = []
    if len(set(file.wordings)) < max(WORDINGS, len(file.wordings)):
        said = f"lists {len(set(file.wordings))} different wordings; {WORDINGS} are needed"
        findings.append(error("frame.toml", said, "Add wordings of another genre and order."))
    for first, second in itertools.combinations(templates, 2):
        place = {field: at for at, field in enumerate(templates[second].fields)}
        pairs = itertools.combinations(templates[first].fields, 2)
        share = float(np.mean([place[a] < place[b] for a, b in pairs]))
        if share >= SAME_ORDER:
            said = f"tells the quantities in nearly the order of {first}.txt ({share:.0%} of pairs)"
            findings.append(error(f"{second}.txt", said, "Tell them in another order."))
    return findings


def _check_apart(folder: Path, units: Units, templates: Mapping[str, Template]) -> list[Finding]:
    """Check that no text can be mistaken for another; `parse` finds it by its longest passage."""
    holder, dyad = _Holder(units), _ordinary()
    own = {
        name: (template.anchor(holder), collapse(template.render(dyad, holder)))
        for name, template in templates.items()
    }
    others = {name: texts for (frame, name), texts in _package().items() if frame != folder.name}
    findings = []
    for name, (anchor, text) in own.items():
        rest = {f"{key}.txt": value for key, value in own.items() if key != name} | others
        for other, (its_anchor, its_text) in rest.items():
            if anchor in its_text or its_anchor in text:
                said = f"cannot be told from {other}: they share their longest passage"
                findings.append(error(f"{name}.txt", said, "Write that passage anew."))
    return findings


@functools.cache
def _package() -> Mapping[tuple[str, str], tuple[str, str]]:
    """Map frame and text of the package to the text's longest passage and the whole text."""
    dyad = _ordinary()
    return {
        (name, template.name): (template.anchor(frame), collapse(template.render(dyad, frame)))
        for name, place in frame_folders().items()
        for frame in [read_frame(place)]
        for template in frame.wordings.values()
    }


def _check_labels(file: FrameFile) -> list[Finding]:
    words = [file.agent_kind, file.agent, file.counterpart, file.fact.noun, file.fact.argument]
    words += file.if_refused.values()
    for tool in tools_of(file.tools, file.fact, file.if_refused):
        words.append(tool.description)
        words += [schema["description"] for schema in tool.parameters["properties"].values()]
    findings = check_words("frame.toml", "\n".join(words).replace("_", " "))
    if not all(word.strip() for word in words):
        findings.append(error("frame.toml", "has an empty label or description", "Fill it in."))
    pie = file.units.constants["pie"]
    if pie not in file.tools.we_receive:
        said = f"tools.we_receive does not say that the two amounts add up to {pie}"
        findings.append(error("frame.toml", said, "Say so."))
    if file.pie < FINE:
        said = f"has a pie of {file.pie} units: quantities are rounded by up to 1/{2 * file.pie}"
        remedy = f"Choose a unit in which it is {FINE:,} or more."
        findings.append(warning("frame.toml", said, remedy))
    return findings


def _check_strays(folder: Path, file: FrameFile) -> list[Finding]:
    return [
        warning(path.name, "is in the folder but not listed", "List it in frame.toml or remove it.")
        for path in sorted(folder.glob("*.t[xo][tm]*"))
        if path.name not in {"frame.toml", *(f"{wording}.txt" for wording in file.wordings)}
    ]


def _check_frozen(folder: Path, file: FrameFile, digest: str) -> list[Finding]:
    path = folder.parent / "FROZEN.toml"
    if not path.exists():
        frozen, findings = {}, []
    else:
        frozen, findings = attempt(
            f"../{path.name}",
            lambda: tomllib.loads(path.read_text("utf-8")),
            "Correct the TOML: one table for each frame, one line for each version.",
        )
    if frozen is None:
        return findings
    versions = frozen.get(folder.name)
    known = versions.get(str(file.version)) if isinstance(versions, dict) else None
    if known is None:
        said = f"version {file.version} is not frozen"
        line = f'{file.version} = "{digest}"'
        remedy = f"Once it was read blind, put the line {line} under [{folder.name}] there."
        return [warning(f"../{path.name}", said, remedy)]
    if known != digest:
        said = f"the files differ from those frozen as version {file.version}"
        remedy = "Restore them, or raise `version` in frame.toml and freeze the new version."
        return [error(f"../{path.name}", said, remedy)]
    return []
