"""What the pages show: commands, the files they use, and what a reader is told to expect.

A page is read as Markdown, so that blocks within lists count. Commands stand in code blocks without
a language or in `console`, `sh` and `bash` blocks, with or without `$ ` before them. A code block
without a command, directly after one with commands, shows their output; quotations and tables
after it show what their pages say. Of a table only cells with an interval or a share do.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

VERBS = ("throffer", "inspect", "export", "mkdir", "pip", "make", "python", ".")
"""First words of the lines that count as commands."""

SHELL = ("", "console", "sh", "bash")
"""Languages of the blocks in which commands stand."""


class Command(NamedTuple):
    """A command as a page shows it.

    Attributes:
        page: Name of the page.
        line: Its line there, from 1.
        text: The command, on one line, without prompt and comment.
        output: Lines that the page shows as its output.
        quotes: Texts that the page quotes from the files it writes.
        files: Contents of the YAML blocks before it, in their order.
    """

    page: str
    line: int
    text: str
    output: tuple[str, ...]
    quotes: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def faulty(self) -> bool:
        """Whether the page shows it as a mistake, which ends with a message."""
        return bool(self.output) and self.output[0].startswith("throffer: ")


class _Draft(NamedTuple):
    line: int
    text: str
    output: list[str]
    quotes: list[str]
    files: tuple[str, ...]


def commands(page: str, text: str) -> list[Command]:
    """Every command of a page, in its order.

    Args:
        page: Name of the page, for messages.
        text: The page as Markdown.

    Returns:
        One entry a command. The output and quotations after a block belong to its last command.
    """
    drafts: list[_Draft] = []
    files: list[str] = []
    fresh = False
    """Whether the block before was one of commands."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    for at, token in enumerate(tokens):
        if token.type in ("fence", "code_block"):
            language = token.info.strip()
            found = _lines(token) if language in SHELL else []
            if found:
                drafts += [_Draft(line, each, [], [], tuple(files)) for line, each in found]
            elif language == "" and fresh:
                drafts[-1].output.extend(token.content.splitlines())
            if language == "yaml":
                files.append(token.content)
            fresh = bool(found)
        elif token.type == "inline" and drafts and _quoted(tokens, at, _plain(token)):
            drafts[-1].quotes.append(_plain(token))
    return [
        Command(page, one.line, one.text, tuple(one.output), tuple(one.quotes), one.files)
        for one in drafts
    ]


def _lines(token: Token) -> list[tuple[int, str]]:
    """The commands of a block with their lines; a line that ends with a backslash goes on."""
    first = token.map[0] + 1 + (token.type == "fence") if token.map else 0
    found, begun, kept = [], 0, ""
    for number, line in enumerate(token.content.splitlines()):
        begun = begun if kept else number
        kept += line.strip().removeprefix("$ ")
        if kept.endswith("\\"):
            kept = kept[:-1]
            continue
        if kept.split(" ")[0] in VERBS:
            words = re.sub(r"\s+#\s.*", "", kept)
            found.append((first + begun, re.sub(r"\s+", " ", words)))
        kept = ""
    return found


def _quoted(tokens: list[Token], at: int, text: str) -> bool:
    """Whether an inline token is a quotation, or a table's cell with an interval or a share."""
    depth = {"blockquote": 0, "tbody": 0}
    for token in tokens[:at]:
        name = token.type.rpartition("_")[0]
        if name in depth:
            depth[name] += token.nesting
    measured = re.search(r"\d \(.*\d to .*\d\)|^[\d.]+ %$|^(at least|below|above) \d", text)
    return bool(depth["blockquote"] or (depth["tbody"] and measured))


def _plain(token: Token) -> str:
    """The words of an inline token without marks."""
    return "".join(
        " " if child.type == "softbreak" else child.content for child in token.children or []
    )


def missing(shown: tuple[str, ...], text: str) -> list[str]:
    """What a page shows and what came out does not have.

    Lines and texts are cut at `...`, and runs of white space count as one. Lines with a progress
    bar or a time of day are left out.

    Args:
        shown: Lines or quotations of a page.
        text: What came out.

    Returns:
        The parts of `shown` that do not occur in `text`.
    """
    flat = _flat(text)
    parts = [
        part.strip()
        for line in shown
        if not re.search(r"[━│┆╞]|\d{4}-\d\d-\d\dT\d\d", line)
        for part in _flat(line).split("...")
    ]
    return [part for part in parts if part and not _stands(part, flat)]


def _stands(part: str, text: str) -> bool:
    """Whether a part stands in a text and does not begin or end within a number or a word."""
    return re.search(rf"(?<![\w.]){re.escape(part)}(?!\w|\.\d)", text) is not None


def _flat(text: str) -> str:
    return " ".join(text.split())


def pages(root: Path) -> list[Path]:
    """The pages whose commands a new user types: README, tutorial and guides."""
    docs = root / "docs"
    return [root / "README.md", docs / "tutorial.md", *sorted((docs / "how-to").glob("*.md"))]
