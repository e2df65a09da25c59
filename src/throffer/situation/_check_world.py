"""Check the world of a frame: its documents, its task, its tools and its replies."""

from __future__ import annotations

import functools
import re
import string
from collections.abc import Mapping

from throffer.situation._finding import Finding, attempt, check_words, error, warning
from throffer.situation._frame import Frame, frame_folders, read_frame
from throffer.situation._setting import (
    Kind,
    Replies,
    Role,
    Setting,
    read_document,
    read_setting,
    read_world_file,
    setting_tools,
)
from throffer.situation._text import Template, collapse, quantise_fields
from throffer.structure import FIELDS

STATING = 6
"""Smallest number of documents that together state the quantities."""

MOST = 2
"""Largest number of quantities that one document may state."""

BETWEEN = 4
"""Smallest number of documents that contain figures but state no quantity of the dyad."""

FILLED: Mapping[str, Mapping[str, str | float]] = {
    "wrong_argument": {"name": "to"},
    "last_word": {"they": 1.0, "we": 2.0},
    "paid": {"amount": 1.0, "to": "A"},
    "signed": {"document": "A"},
    "forwarded": {"to": "A"},
}
"""Placeholders of each reply, with an example value. Replies not listed have no placeholders."""

ANSWERS = ("accepted", "not_binding", "last_word", "ended")
"""Replies that tell how the counterpart answered."""

_TOML = "world/world.toml"
_DYAD = {field: 0.1 + 0.05 * at for at, field in enumerate(FIELDS)}


def check_world(frame: Frame) -> list[Finding]:
    """List what is wrong with the `world` folder of a frame; see `check_frame`."""
    file, findings = attempt(
        _TOML, lambda: read_world_file(frame.folder), "See the keys in docs/frames.md."
    )
    if file is None:
        return findings
    for name in (*file.documents, "task"):
        template, found = attempt(
            f"world/{name}.txt",
            lambda name=name: read_document(frame.folder, name),
            "See the placeholders in docs/frames.md.",
        )
        if template is not None:
            _, found = attempt(
                f"world/{name}.txt",
                lambda template=template: template.anchor(frame),
                "Use only the constants listed.",
            )
        findings += found
    if findings:
        return findings
    setting, findings = attempt(
        _TOML, lambda: read_setting(frame), "State each quantity in exactly one document."
    )
    if setting is None:
        return findings
    return [
        *_check_spread(setting),
        *_check_reading(setting),
        *_check_apart(setting),
        *_check_task(setting),
        *_check_tools(setting),
        *_check_replies(setting.replies),
        *_check_strays(setting),
    ]


def _check_spread(setting: Setting) -> list[Finding]:
    findings = []
    stating = {name: t.fields for name, t in setting.documents.items() if t.fields}
    if len(stating) < STATING:
        said = f"spreads the quantities over {len(stating)} documents; {STATING} are needed"
        findings.append(error(_TOML, said, "Divide the documents that state several."))
    for name, fields in stating.items():
        if len(fields) > MOST:
            said = f"states {len(fields)} quantities; a document states {MOST} at most"
            findings.append(error(f"world/{name}.txt", said, "Divide it."))
    if not any("{documented}" in template.source for template in setting.documents.values()):
        findings.append(error(_TOML, "has no document with {documented}", "State the fact in one."))
    between = [t for t in setting.documents.values() if not t.fields and re.search(r"\d", t.source)]
    if len(between) < BETWEEN:
        said = f"has {len(between)} documents with other figures; {BETWEEN} are needed"
        findings.append(error(_TOML, said, "Add documents that have no bearing on the matter."))
    return findings


def _check_reading(setting: Setting) -> list[Finding]:
    frame = setting.frame
    texts = {name: t.render(_DYAD, frame) for name, t in setting.documents.items()}
    together = collapse("\n".join(texts.values()))
    findings = []
    for name, template in setting.documents.items():
        file = f"world/{name}.txt"
        findings += check_words(file, f"{name}\n{texts[name]}".replace("-", " "))
        if not template.fields:
            continue
        read, found = attempt(
            file,
            lambda template=template: template.parse_collapsed(together, frame),
            "Put different words before each quantity.",
        )
        expected = quantise_fields({field: _DYAD[field] for field in template.fields}, frame.units)
        if not found and read != expected:
            found = [
                error(
                    file,
                    "does not give back the quantities put into it",
                    "Put different words before each quantity.",
                )
            ]
        findings += found
    return findings


def _check_apart(setting: Setting) -> list[Finding]:
    """Check that no text contains the longest passage of the task or of a stating document."""
    own = {"task": setting.task, **setting.documents}
    texts = {f"world/{name}.txt": _shown(template, setting) for name, template in own.items()}
    texts |= {key: text for (frame, key), text in _package().items() if frame != setting.frame.name}
    findings = []
    for name, template in own.items():
        file = f"world/{name}.txt"
        if template.fields or name == "task":
            anchor = template.anchor(setting.frame)
            taken = [key for key, text in texts.items() if key != file and anchor in text]
            said = f"cannot be told from {', '.join(taken)}: its longest passage occurs there"
            findings += [error(file, said, "Write that passage anew.")] if taken else []
    return findings


@functools.cache
def _package() -> Mapping[tuple[str, str], str]:
    """Map frame and document of the package's worlds to the document's text."""
    return {
        (name, template.name): _shown(template, setting)
        for name, place in frame_folders().items()
        if (place / "world").is_dir()
        for setting in [read_setting(read_frame(place))]
        for template in (setting.task, *setting.documents.values())
    }


def _shown(template: Template, setting: Setting) -> str:
    return collapse(template.render(_DYAD, setting.frame))


def _check_task(setting: Setting) -> list[Finding]:
    file, text = "world/task.txt", setting.task.render({}, setting.frame)
    findings = check_words(file, text)
    if re.findall(r"^- (\S+)$", text, re.MULTILINE) != list(setting.documents):
        said = "does not list the documents, a line `- name` each, in the order of world.toml"
        findings.append(error(file, said, "List them in that form."))
    needed = (
        f"up to {setting.steps} calls",
        f"`{setting.agreement}`",
        f"`{setting.order}`",
        f"`{setting.stated}`",
        setting.frame.units.constants["pie"],
        *(f"`{setting.texts[kind].name}`" for kind in (Kind.NOTHING, Kind.DECLINE)),
        *(f"`{word}`" for word in ("they_receive", "we_receive", "if_refused")),
    )
    unsaid = [words for words in needed if words not in text]
    return [
        *findings,
        *([error(file, f"does not say {', '.join(unsaid)}", "Add it.")] if unsaid else []),
    ]


def _check_tools(setting: Setting) -> list[Finding]:
    tools, findings = attempt(
        _TOML, lambda: setting_tools(setting), "Describe every argument of every tool."
    )
    if tools is None:
        return findings
    if len({tool.name for tool in tools}) < len(tools):
        findings.append(error(_TOML, "gives two tools one name", "Rename one."))
    words = [setting.covering_note, setting.reason, setting.agreement, setting.order]
    words += [name for names in setting.names.values() for name in names]
    for tool in tools:
        words += [tool.name, tool.description]
        words += [schema["description"] for schema in tool.parameters["properties"].values()]
    findings += check_words(_TOML, re.sub(r"[_-]", " ", "\n".join(words)))
    known = [name.strip().casefold() for names in setting.names.values() for name in names]
    if len(set(known)) < len(known) or not all(known) or not all(setting.names.values()):
        said = "names needs a name for each of " + ", ".join(Role) + ", each name once"
        findings.append(error(_TOML, said, "Correct [names]."))
    if setting.role(setting.overseer) is not Role.HOUSE:
        findings.append(error(_TOML, "overseer is not among names.house", "Add it there."))
    if setting.agreement == setting.order:
        said = "agreement and order have the same name"
        findings.append(error(_TOML, said, "Give them different names."))
    return findings


def _check_replies(replies: Replies) -> list[Finding]:
    findings = []
    for name, reply in replies.model_dump().items():
        filling = FILLED.get(name, {})
        _, found = attempt(
            _TOML,
            lambda reply=reply, filling=filling: _filled(reply, filling),
            f"In replies.{name}, only these may be in braces: {', '.join(filling) or 'none'}.",
        )
        findings += found
    said = {name: collapse(getattr(replies, name).split("{", 1)[0]) for name in ANSWERS}
    alike = [
        f"{one} and {other}"
        for one in said
        for other in said
        if one != other and said[one] in said[other]
    ]
    if alike:
        message = f"the replies {'; '.join(alike)} cannot be told apart before their first brace"
        findings.append(error(_TOML, message, "Begin each with different words."))
    return [*findings, *check_words(_TOML, "\n".join(replies.model_dump().values()))]


def _filled(reply: str, filling: Mapping[str, str | float]) -> str:
    unknown = sorted(
        name for _, name, _, _ in string.Formatter().parse(reply) if name and name not in filling
    )
    if unknown or ("{" in reply and not filling):
        raise ValueError(f"a reply has braces that nothing fills: {', '.join(unknown) or reply}")
    try:
        return reply.format_map(dict(filling))
    except LookupError as fault:
        raise ValueError(f"a reply has braces that nothing fills: {reply}") from fault


def _check_strays(setting: Setting) -> list[Finding]:
    listed = {"world.toml", "task.txt", *(f"{name}.txt" for name in setting.documents)}
    return [
        warning(f"world/{path.name}", "is in the folder but not listed", "List it or remove it.")
        for path in sorted((setting.frame.folder / "world").iterdir())
        if path.suffix in {".txt", ".toml"} and path.name not in listed
    ]
