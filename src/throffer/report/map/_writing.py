"""Write a map as HTML, SVG and PNG, each completely or not at all."""

from __future__ import annotations

from pathlib import Path

import throffer
from throffer.report.map._dyads import NamedDyads
from throffer.report.map._fields import compute_map
from throffer.report.map._image import signed_png
from throffer.report.map._page import render_map
from throffer.report.map._settings import MapSettings
from throffer.report.map._sheet import sheet_png, sheet_svg
from throffer.structure import SetupError, claim_file, make_folder, write_together

FORMATS = (".html", ".svg", ".png")


def draw_map(
    out: Path | str,
    settings: MapSettings | None = None,
    dyads: NamedDyads | None = None,
    *,
    command: str = "",
    overwrite: bool = False,
) -> tuple[Path, ...]:
    """Draw the map of an agent and return the files written.

    Files are written after everything is drawn, and then all or none.

    Args:
        out: a name ending in `.html`, `.svg` or `.png`, or a name without ending for all three.
        settings: agent, fields and cuts; by default the planted agent.
        dyads: dyads to place on the plane; by default the named limits of the family.
        command: the command that made the map, for the page.
        overwrite: whether files that throffer did not write are overwritten.

    Raises:
        SetupError: Before anything is computed, for another ending, a file of another origin or a
            folder that cannot be made; later, if a file cannot be written.
    """
    paths = map_paths(out)
    for path in paths:
        claim_file(path, overwrite=overwrite)
    make_folder(paths[0].parent)
    try:
        drawn = compute_map(settings or MapSettings.of(), dyads)
    except ValueError as error:
        raise SetupError(
            f"The map cannot be drawn: {error}.",
            "Give numbers nearer to the size of the pie, which is 1.",
        ) from error
    endings = {path.suffix.lower() for path in paths}
    content: dict[str, bytes] = {}
    if ".html" in endings:
        page = render_map(drawn, command)
        content[".html"] = page.encode("utf-8", errors="replace")
    if endings & {".svg", ".png"}:
        svg = sheet_svg(drawn)
        signed = f"{svg.rstrip()}\n<!-- throffer {throffer.__version__} -->\n"
        content[".svg"] = signed.encode("utf-8", errors="replace")
        if ".png" in endings:
            content[".png"] = signed_png(sheet_png(svg), f"throffer {throffer.__version__}")
    write_together(
        {
            path: lambda target, path=path: target.write_bytes(content[path.suffix.lower()])
            for path in paths
        }
    )
    return paths


def map_paths(out: Path | str) -> tuple[Path, ...]:
    """The files that `out` means.

    ```python
    >>> [path.name for path in map_paths("figures/map")]
    ['map.html', 'map.svg', 'map.png']

    ```
    """
    out = Path(out)
    if out.suffix.lower() in FORMATS:
        return (out,)
    if out.suffix or not out.name:
        raise SetupError(
            f"--out {out}: a map is .html, .svg or .png.",
            "Give such a name, or one without an ending for all three.",
        )
    return tuple(out.with_suffix(ending) for ending in FORMATS)
