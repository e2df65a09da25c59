"""Draws the figures of the documentation: `python -m tools.figures [NAME...]`, default all.

Names are those of the modules beside this file. `collapse` counts regimes in the raw files of the
record; where these are not at hand it is left out, and the others are drawn.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from throffer.structure import SetupError

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def main(words: list[str] | None = None) -> int:
    """Draw what is named and say what was left out.

    Args:
        words: Names of figure modules; those of the command line if None, all if empty.

    Returns:
        0, or 2 if a module that was named could not be drawn.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.figures", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"One of {', '.join(NAMES)}; default all.")
    named: list[str] = parser.parse_args(words).name
    if unknown := [name for name in named if name not in NAMES]:
        parser.error(f"no figures named {', '.join(unknown)}; known: {', '.join(NAMES)}")
    status = 0
    for name in named or NAMES:
        try:
            importlib.import_module(f"tools.figures.{name}").main()
        except SetupError as error:
            print(f"Left out {name}: {error}", file=sys.stderr)
            status = 2 if named else 0
        else:
            print(f"Drawn: {name}")
    return status


if __name__ == "__main__":
    sys.exit(main())
