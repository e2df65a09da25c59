"""Read the dyads of a user: a file of fields, an Episode table, or asymmetry coordinates."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from throffer.report._language import visible
from throffer.report.map._family import STOPS, family_path
from throffer.report.map._settings import BASE, CUTS, FARTHEST, MapSettings
from throffer.structure import FIELDS, Dyad, SetupError, read_episodes, read_yaml

MOST = 2_000
"""Most dyads drawn; of more, the first are drawn and the page states the number of all."""

LARGEST = 10_000_000
"""Most bytes of a JSON file of dyads; a larger set belongs in an Episode table."""

NAME = 60
"""Most characters of a name that are shown."""

_COORDINATES = (CUTS[0][0], CUTS[0][2], CUTS[0][1])


class NamedDyads(NamedTuple):
    """Dyads with names.

    Attributes:
        names: names as given; untrusted, made visible.
        dyads: of shape (dyad,), at most `MOST`.
        origin: what the dyads are, in words.
        given: the number of dyads before the cut at `MOST`.
    """

    names: tuple[str, ...]
    dyads: Dyad
    origin: str
    given: int


def limits(settings: MapSettings) -> NamedDyads:
    """The named limits of the family, for a map without dyads of its own."""
    path = family_path(settings)
    at = np.searchsorted(path.position, np.arange(len(STOPS)) - 1e-9)
    return NamedDyads(
        tuple(stop.name for stop in STOPS), path.dyads[at], "the named limits", len(STOPS)
    )


def at_coordinates(triples: Sequence[str], settings: MapSettings) -> NamedDyads:
    """Dyads of the family at `p,i,c`; `SetupError` names a triple that is not valid.

    ```python
    >>> at_coordinates(["0.5,0.2,0.4"], MapSettings.of()).names
    ('0.5,0.2,0.4',)

    ```
    """
    dyads = []
    for triple in triples:
        try:
            power, information, constraint = (float(part) for part in triple.split(","))
        except ValueError as error:
            raise SetupError(
                f"--at {triple!r} is not power,information,constraint.",
                "Write three numbers in [0, 1), as --at 0.5,0.2,0.4.",
            ) from error
        try:
            dyads.append(settings.family(power, information, constraint).as_dict())
        except ValueError as error:
            raise SetupError(f"--at {triple}: {error}.", "Choose another place.") from error
    return NamedDyads(
        tuple(shown_name(triple) for triple in triples),
        _stacked(dyads),
        "the given places",
        len(triples),
    )


def read_dyads(path: Path | str) -> NamedDyads:
    """Dyads of an Episode table (`.parquet`) or of a JSON or YAML file.

    A JSON or YAML file is one mapping, a list of mappings, or a mapping of names to mappings. Each
    holds all fields, or `power`, `information`, `constraint` and the fields that differ from the
    family there. It may have a `name`.

    Raises:
        SetupError: For a file that is missing, unreadable or empty, and for a value out of range,
            naming the entry, the field and the value.
    """
    path = Path(path)
    match path.suffix.lower():
        case ".parquet":
            return _from_episodes(path)
        case ".json" | ".yaml" | ".yml":
            return _from_entries(path)
    raise SetupError(
        f"{path} is neither an Episode table nor a file of dyads.",
        "Give a .parquet, .json, .yaml or .yml file.",
    )


def _from_episodes(path: Path) -> NamedDyads:
    table = read_episodes(path).table
    known = table.drop_nulls(list(FIELDS)).filter(
        pl.all_horizontal(
            pl.col(name).is_finite() & (pl.col(name).abs() <= FARTHEST) for name in FIELDS
        )
    )
    if known.is_empty():
        raise SetupError(
            f"{path} holds no episode whose {len(FIELDS)} dyad fields are all known.",
            "Give a table of a run with known structure.",
        )
    apart = known.group_by(*FIELDS, maintain_order=True).agg(pl.col("id").first(), count=pl.len())
    shown = apart.head(MOST)
    names = [
        shown_name(f"{row['id']} and {row['count'] - 1} more" if row["count"] > 1 else row["id"])
        for row in shown.select("id", "count").iter_rows(named=True)
    ]
    try:
        dyads = Dyad.validated(**{name: shown[name].to_numpy() for name in FIELDS})
    except ValueError as error:
        raise SetupError(f"{path}: {error}.", "Build the table again.") from error
    return NamedDyads(
        tuple(names),
        dyads,
        f"the structures of {known.height:,} episodes in {shown_name(path.name)}",
        apart.height,
    )


def _from_entries(path: Path) -> NamedDyads:
    entries = _entries(path, _parsed(path))
    if not entries:
        raise SetupError(f"{path} holds no dyad.", "Give at least one.")
    shown = [_one(path, name, fields) for name, fields in entries[:MOST]]
    return NamedDyads(
        tuple(shown_name(name) for name, _ in entries[:MOST]),
        _stacked(shown),
        f"the dyads of {shown_name(path.name)}",
        len(entries),
    )


def _parsed(path: Path) -> Any:
    if path.suffix.lower() != ".json":
        return read_yaml(path, "a file of dyads, or an Episode table where there are many")
    try:
        if path.stat().st_size > LARGEST:
            raise SetupError(
                f"{path} is larger than {LARGEST // 1_000_000} MB.", "Give an Episode table."
            )
        text = path.read_text(encoding="utf-8")
        return json.loads(text, object_pairs_hook=_once)
    except FileNotFoundError as error:
        raise SetupError(f"{path} does not exist.", "Give the path of a file of dyads.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise SetupError(
            f"{path} cannot be read ({visible(str(error))}).", "Correct the file or give another."
        ) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; a repeated key is an error, since JSON would silently keep the last."""
    for key, count in Counter(key for key, _ in pairs).items():
        if count > 1:
            raise ValueError(f"the key {key!r} occurs {count} times in one object")
    return dict(pairs)


def _entries(path: Path, found: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """Every entry with its name, or its number if it has no name."""
    if isinstance(found, Mapping) and found:
        nested = [isinstance(value, Mapping) for value in found.values()]
        found = (
            [{"name": name, **value} for name, value in found.items()] if all(nested) else [found]
        )
    if not isinstance(found, list):
        raise SetupError(
            f"{path} holds {type(found).__name__}, not dyads.",
            "Write one mapping of fields, a list of them, or names with mappings.",
        )
    entries = []
    for number, entry in enumerate(found, 1):
        if not isinstance(entry, Mapping):
            raise SetupError(
                f"{path}, entry {number}: {visible(repr(entry)[:80])} is not a mapping of fields.",
                f"Fields: {', '.join(FIELDS)}.",
            )
        name = str(entry.get("name", f"dyad {number}"))
        entries.append((name, {str(key): entry[key] for key in entry if key != "name"}))
    return entries


def _one(path: Path, name: str, fields: Mapping[str, Any]) -> dict[str, float]:
    """Check the fields of one entry and complete them."""
    try:
        for field, value in fields.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ValueError(f"{field} = {value!r} is not a number")
            if not math.isfinite(value):
                raise ValueError(f"{field} = {value} is not finite")
            if abs(value) > FARTHEST:
                raise ValueError(f"{field} = {value:g} is beyond {FARTHEST:g}")
        if not any(field in fields for field in (*_COORDINATES, BASE)):
            return _numbers(Dyad.validated(**fields))
        missing = [field for field in _COORDINATES if field not in fields]
        if missing:
            raise ValueError(f"missing coordinates: {', '.join(missing)}")
        others = {field: value for field, value in fields.items() if field not in _COORDINATES}
        return _numbers(Dyad.from_asymmetry(*(fields[field] for field in _COORDINATES), **others))
    except (ValueError, OverflowError) as error:
        raise SetupError(
            f"{path}, {shown_name(name)}: {visible(str(error))}.",
            "Give all fields, or power, information, constraint and the fields that differ there.",
        ) from error


def _numbers(dyad: Dyad) -> dict[str, float]:
    return {name: float(value) for name, value in dyad.as_dict().items()}


def _stacked(dyads: Sequence[Mapping[str, Any]]) -> Dyad:
    return Dyad.validated(
        **{name: np.array([float(dyad[name]) for dyad in dyads]) for name in FIELDS}
    )


def shown_name(text: str) -> str:
    """A name on one line, shortened, with invisible characters made visible.

    Characters that XML does not allow would crash the SVG renderer.
    """
    line = visible(" ".join(text.split())) or "unnamed"
    return line if len(line) <= NAME else line[: NAME - 1] + "\N{HORIZONTAL ELLIPSIS}"
