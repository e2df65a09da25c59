"""Builds what is shipped and tries it as a new user does: `python -m tools.check_wheel`.

1. Builds the sdist, and from it the wheel.
2. Installs the wheel alone, without extras, in a new environment outside the checkout.
3. Runs `throffer --version` and the main job there.
4. Runs every command that README, tutorial and guides show, one folder a page, and compares what
   comes out with what the pages print. What cannot run here is listed with its reason.
5. Installs the sdist over it: the same files, and it starts.

Commands that read the raw files of the record run if `THROFFER_RECORD` names them. Commands share
a cache of compiled code, which a new user does not have: it saves time and changes no result.
"""

from __future__ import annotations

import argparse
import html
import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tools.inputs import write_inputs
from tools.shown import Command, commands, missing, pages

ROOT = Path(__file__).parents[1]

LIMIT = 1800
"""Seconds after which a command counts as hanging."""

MAIN_JOB = "throffer audit --elicitation terms --budget 50 --out main-job"


class Outcome(NamedTuple):
    """What became of a command.

    Attributes:
        command: The command as its page shows it.
        verdict: `passed`, `failed` or `skipped`.
        reason: Why it failed or was skipped.
        seconds: How long it ran.
    """

    command: Command
    verdict: str
    reason: str = ""
    seconds: float = 0.0


def reason_to_skip(command: Command, record: bool, absent: set[str]) -> str | None:
    """Why a command that a page shows is not run here.

    Args:
        command: The command.
        record: Whether the raw files of the record are at hand.
        absent: What skipped commands before it would have written.

    Returns:
        The reason, or None if it can run.
    """
    words = shlex.split(command.text)
    rules = [
        (words[0] in ("make", "python", "."), "is for a checkout, whose own environment it uses"),
        (words[0] == "pip", "changes the environment"),
        (words[0] == "export" and bool(re.search(r"=(~|\.\.\.)", command.text)), "a placeholder"),
        (any(_remote(word) for word in words), "needs a provider's model and its key"),
        ("ray" in words, "needs the extra ray"),
        (words[:3] == ["throffer", "record", "acts"], "needs the extra text"),
        (words[:2] == ["throffer", "record"] and not record, "needs the raw files of the record"),
    ]
    for applies, reason in rules:
        if applies:
            return reason
    made = [word for word in _inputs(words) if word.split("/")[0] in absent]
    return f"needs {made[0]}, which a skipped command writes" if made else None


def _remote(word: str) -> bool:
    named = word.partition("=")[2] or word
    return re.match(r"(openai|openai-api|anthropic|google|hf|vllm|ollama)/", named) is not None


def _inputs(words: list[str]) -> list[str]:
    return [word for before, word in itertools.pairwise(words) if before != "--out"]


def _out(words: list[str]) -> str | None:
    return words[words.index("--out") + 1] if "--out" in words[:-1] else None


def run_page(
    page: Path, folder: Path, environment: dict[str, str], record: bool
) -> Iterator[Outcome]:
    """Run the commands of a page in their order.

    Args:
        page: A Markdown file.
        folder: An empty folder to run them in.
        environment: Variables of the processes; what the page exports is added.
        record: Whether the raw files of the record are at hand.

    Yields:
        What became of each command.
    """
    absent: set[str] = set()
    environment = dict(environment)
    for command in commands(page.name, page.read_text("utf-8")):
        words = shlex.split(command.text)
        reason = reason_to_skip(command, record, absent)
        if reason is not None:
            absent |= {out} if (out := _out(words)) else set()
            yield Outcome(command, "skipped", reason)
        elif words[0] == "export":
            name, _, value = command.text.removeprefix("export ").partition("=")
            environment[name] = value.replace("$PWD", str(folder))
        else:
            _write_named_files(command, words, folder)
            write_inputs(command.text, folder)
            yield _run(command, folder, environment)


def _write_named_files(command: Command, words: list[str], folder: Path) -> None:
    """YAML files that a command reads and the page shows: by their first line, else the last."""
    for word in words:
        if not word.endswith(".yaml") or (folder / word).exists() or not command.files:
            continue
        named = [each for each in command.files if each.startswith(f"# {word}")]
        (folder / word).write_text((named or command.files)[-1], "utf-8")


def _run(command: Command, folder: Path, environment: dict[str, str]) -> Outcome:
    begun = time.monotonic()
    try:
        done = subprocess.run(
            ["bash", "-c", command.text],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(command, "failed", f"runs longer than {LIMIT} s", LIMIT)
    faults = list(_faults(command, done, folder))
    seconds = time.monotonic() - begun
    return Outcome(command, "failed" if faults else "passed", "\n".join(faults), seconds)


def _faults(
    command: Command, done: subprocess.CompletedProcess[str], folder: Path
) -> Iterator[str]:
    said = done.stdout + "\n" + done.stderr
    if "Traceback (most recent call last)" in said:
        yield "prints a traceback"
    expected = 2 if command.faulty else 0
    if done.returncode != expected:
        yield f"exit status {done.returncode} instead of {expected}:\n{said.strip()[-2000:]}"
        return
    for part in missing(command.output, said):
        yield f"the page prints, and the command does not: {part}"
    out = _out(shlex.split(command.text))
    if command.quotes and out is not None:
        for part in missing(command.quotes, _text_of(folder / out)):
            yield f"the page quotes, and {out} does not have: {part}"


def _text_of(out: Path) -> str:
    """The words of the HTML pages that a command wrote to a folder or beside a file."""
    found = sorted(out.glob("*.html")) if out.is_dir() else [out.with_suffix(".html")]
    whole = "\n".join(each.read_text("utf-8") for each in found if each.is_file())
    bare = re.sub(r"<(script|style)\b.*?</\1>", " ", whole, flags=re.DOTALL)
    joined = re.sub(r"</?(a|b|em|i|strong|span|code)\b[^>]*>", "", bare)
    return html.unescape(re.sub(r"<[^>]*>", " ", joined))


def build(folder: Path) -> tuple[Path, Path]:
    """Build the sdist, and the wheel from it.

    Args:
        folder: Where to write them.

    Returns:
        The wheel and the sdist.
    """
    subprocess.run(
        [sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return _shipped(folder)


def _shipped(folder: Path) -> tuple[Path, Path]:
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def install(python: Path, *words: str) -> None:
    """Install into the environment of `python`, at the versions of constraints.txt."""
    # nine tenths of the modules are never imported: Python compiles the others when they are
    pip = [str(python), "-m", "pip", "install", "-qq", "--no-compile"]
    quiet = ["--disable-pip-version-check", "-c", str(ROOT / "constraints.txt")]
    subprocess.run([*pip, *quiet, *words], check=True)


def installed(python: Path) -> list[str]:
    """Files of the installed package, without those that installing makes."""
    code = (
        "import importlib.metadata as m; "
        "print(*sorted(str(f) for f in m.files('throffer') "
        "if not str(f).endswith('.pyc') and '.dist-info' not in str(f)), sep='\\n')"
    )
    done = subprocess.run(
        [str(python), "-c", code], check=True, capture_output=True, text=True, cwd=python.parent
    )
    return done.stdout.splitlines()


def _environment(venv_folder: Path, record: Path | None) -> dict[str, str]:
    """Variables of a new user: nothing that names this checkout, no key."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not re.match(r"(THROFFER_|PYTHON|VIRTUAL_ENV|INSPECT_|.*_API_KEY)", name)
    }
    kept["PATH"] = f"{venv_folder / 'bin'}{os.pathsep}{kept['PATH']}"
    kept["JAX_COMPILATION_CACHE_DIR"] = str(venv_folder / "compiled")
    kept["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0.3"
    if record is not None:
        kept["THROFFER_RECORD"] = str(record)
    return kept


def _record() -> Path | None:
    named = os.environ.get("THROFFER_RECORD")
    folder = Path(named) if named else ROOT / ".." / "shared" / "record"
    return folder.resolve() if folder.is_dir() else None


def _tell(outcome: Outcome) -> None:
    command = outcome.command
    print(
        f"{outcome.verdict:8} {outcome.seconds:5.0f} s  {command.page}:{command.line}  "
        f"{command.text}",
        flush=True,
    )
    for line in outcome.reason.splitlines():
        print(f"    {line}", flush=True)


def check(folder: Path, dist: Path | None, only: list[str]) -> list[Outcome]:
    """Build, install and try everything.

    Args:
        folder: An empty folder outside the checkout.
        dist: A folder with a wheel and an sdist to try; they are built if None.
        only: Names of pages, as `tutorial`; all if empty.

    Returns:
        What became of each command.
    """
    wheel, sdist = build(folder / "dist") if dist is None else _shipped(dist)
    print(f"Trying {wheel.name} ({wheel.stat().st_size / 1e6:.1f} MB) and {sdist.name}", flush=True)
    begun = time.monotonic()
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    install(python, str(wheel))
    print(f"Installed the wheel alone in {time.monotonic() - begun:.0f} s", flush=True)
    files = installed(python)

    record = _record()
    environment = _environment(folder / "venv", record)
    outcomes: list[Outcome] = []
    first = folder / "first"
    first.mkdir()
    for text in ("throffer --version", MAIN_JOB):
        outcomes.append(_run(Command("(first)", 0, text, (), (), ()), first, environment))
        _tell(outcomes[-1])
    for page in pages(ROOT):
        if only and page.stem not in only:
            continue
        place = folder / page.stem
        place.mkdir()
        shutil.copytree(ROOT / "docs" / "example_frame", place / "docs" / "example_frame")
        for outcome in run_page(page, place, environment, record is not None):
            outcomes.append(outcome)
            _tell(outcome)

    install(python, "--no-deps", "--force-reinstall", str(sdist))
    again = Command("(sdist)", 0, "throffer --version", (), (), ())
    outcomes.append(_run(again, first, environment))
    if installed(python) != files:
        outcomes.append(Outcome(again, "failed", "sdist and wheel install different files"))
    _tell(outcomes[-1])
    return outcomes


def main() -> int:
    """Check and count.

    Returns:
        0 if nothing failed, else 1.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.check_wheel", description=__doc__)
    parser.add_argument("page", nargs="*", help="Pages to try, as `tutorial`; default all.")
    parser.add_argument("--dist", type=Path, help="Folder with wheel and sdist; default: build.")
    parser.add_argument("--keep", type=Path, help="A new folder to work in, which is kept.")
    given = parser.parse_args()
    if given.keep is not None:
        given.keep.mkdir(parents=True)
        outcomes = check(given.keep.resolve(), given.dist, given.page)
    else:
        with tempfile.TemporaryDirectory(prefix="throffer-wheel-") as folder:
            outcomes = check(Path(folder), given.dist, given.page)
    count = {
        verdict: sum(one.verdict == verdict for one in outcomes)
        for verdict in ("passed", "failed", "skipped")
    }
    print(", ".join(f"{number} {verdict}" for verdict, number in count.items()))
    return 1 if count["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
