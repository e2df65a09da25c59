"""What is read off the pages, and how it is held against what comes out."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from tools.check_wheel import reason_to_skip, run_page
from tools.shown import commands, missing, pages

ROOT = Path(__file__).parents[2]

PAGE = """
# A page

    throffer relate log.csv \\
        --out a.parquet   # with a comment

1. In a list:

        throffer report logs --out b

    ```
    Wrote b/report.html
    3 ... of 4
    ```

```yaml
# office.yaml
name: office
```

```console
$ throffer amplify office.yaml --out c
```

> Half of **them** (40 to 60)
> are down.

| a | b |
|---|---|
| 0.5 (0.4 to 0.6) | no number |

```python
throffer = 3
```

    throffer audit throffer/reference -M greed=3 --out d

```
throffer: Model throffer/reference takes no argument 'greed'.
```
"""


def test_commands_are_found_in_every_kind_of_block_with_their_lines() -> None:
    found = commands("page", PAGE)
    assert [(one.line, one.text) for one in found] == [
        (4, "throffer relate log.csv --out a.parquet"),
        (9, "throffer report logs --out b"),
        (22, "throffer amplify office.yaml --out c"),
        (36, "throffer audit throffer/reference -M greed=3 --out d"),
    ]


def test_a_command_has_the_output_the_quotations_and_the_files_of_its_page() -> None:
    relate, report, amplify, audit = commands("page", PAGE)
    assert relate.output == relate.quotes == ()
    assert report.output == ("Wrote b/report.html", "3 ... of 4")
    assert amplify.quotes == ("Half of them (40 to 60) are down.", "0.5 (0.4 to 0.6)")
    assert amplify.files == ("# office.yaml\nname: office\n",)
    assert [one.faulty for one in (relate, report, amplify, audit)] == [False, False, False, True]


@pytest.mark.parametrize(
    ("shown", "absent"),
    [
        (("Wrote   b/report.html",), []),
        (("3 ... of 4",), []),
        (("3 ... of 5",), ["of 5"]),
        (("3 of al",), ["3 of al"]),
        (("asked ━━━━ 400/400",), []),
        (("logs/2026-11-23T18-49-56.eval",), []),
    ],
)
def test_what_did_not_come_out_is_named(shown: tuple[str, ...], absent: list[str]) -> None:
    assert missing(shown, "Wrote b/report.html\n3 of all\u00a0of 4") == absent


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("throffer audit openai/gpt-4o-mini --out gpt", "key"),
        ("throffer audit --role counterpart=openai/gpt-4o", "key"),
        ("throffer relate shards --engine ray --out a.parquet", "extra ray"),
        ("throffer record list", "raw files"),
        ("throffer record acts --out a.json", "extra text"),
        ("export KEY=...", "placeholder"),
        ("throffer report gone/logs --out b", "skipped command"),
        ("throffer audit throffer/reference --out gone", None),
        ("throffer report here/logs --out b", None),
    ],
)
def test_what_cannot_run_is_skipped_with_its_reason(text: str, reason: str | None) -> None:
    (command,) = commands("page", f"    {text}\n")
    found = reason_to_skip(command, record=False, absent={"gone"})
    assert found is None if reason is None else reason in str(found)


def test_a_page_that_promises_what_does_not_come_out_fails(tmp_path: Path) -> None:
    python = shlex.quote(sys.executable)
    (tmp_path / "throffer").write_text(f'#!/bin/sh\nexec {python} -m throffer.cli "$@"\n')
    (tmp_path / "throffer").chmod(0o755)
    page = tmp_path / "page.md"
    page.write_text(
        "    throffer --version\n\n```\nversion 0.1\n```\n\n"
        "    throffer no-such-command\n\n"
        "    throffer audit openai/gpt --out a\n\n"
        "    throffer report a/logs --out b\n"
    )
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)}
    found = list(run_page(page, tmp_path, environment, record=False))
    assert [one.verdict for one in found] == ["failed", "failed", "skipped", "skipped"]
    assert "does not: version 0.1" in found[0].reason
    assert "exit status" in found[1].reason


def test_the_pages_of_a_new_user_show_the_main_job() -> None:
    found = [commands(page.name, page.read_text("utf-8")) for page in pages(ROOT)]
    texts = [command.text for page in found for command in page]
    assert sum(text.startswith("throffer audit") for text in texts) > 5
    assert "throffer amplify institution --out institution" in texts
