"""Reads scenario files and names each fault by field, value and range; lists the examples."""

from __future__ import annotations

import importlib.resources
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from throffer.amplify._scenario import Entry, Scenario, span_of
from throffer.structure import SetupError, read_yaml


def read_scenario(path: Path | str) -> Scenario:
    """Read a scenario file, YAML or JSON.

    Raises:
        SetupError: For a missing or unreadable file, for one larger than 1 MB, for a key that
            occurs twice, and for a file that is no scenario: the message names each faulty field
            with its value and admissible range.
    """
    path = Path(path)
    raw = read_yaml(path, "a scenario file")
    if not isinstance(raw, dict):
        held = "nothing" if raw is None else f"a {type(raw).__name__}"
        needed = [name for name, field in Scenario.model_fields.items() if field.is_required()]
        raise SetupError(
            f"{path} is no scenario: it holds {held}, and not the fields {', '.join(needed)}.",
            "`throffer amplify --schema` prints the schema.",
        )
    try:
        return Scenario.model_validate(raw)
    except ValidationError as error:
        faults = "\n".join(f"  {_fault(one)}" for one in error.errors() if _meant(one))
        raise SetupError(
            f"{path} is no scenario:\n{faults}\n", "`throffer amplify --schema` prints the schema."
        ) from error


def _meant(error: Any) -> bool:
    """Whether an error is of the intended type: a mapping means a range, all else a number."""
    branch, ranged = str(error["loc"][-1]) if error["loc"] else "", isinstance(error["input"], dict)
    return not (branch == "float" and ranged) and not ("Between" in branch and not ranged)


def _fault(error: Any) -> str:
    """One fault as `field = value: admissible range`."""
    # pydantic tries a value as number and as range; the name of that type is not in the file
    parts = [part for part in error["loc"] if part != "float" and "Between" not in str(part)]
    place, value = ".".join(str(part) for part in parts), error["input"]
    if error["type"] == "missing":
        return f"{place}: is missing"
    model, field = _entry_of(parts)
    if error["type"] == "extra_forbidden":
        return f"{place}: is no field here; such are {', '.join(model.model_fields)}"
    shown = "" if isinstance(value, dict | list) else f" = {value!r}"
    message = error["msg"].removeprefix("Value error, ")
    if field is not None and (span := span_of(field)) and str(span) not in message:
        message = f"{message}; {field.description} is {span}"
    return f"{place}{shown[:80]}: {message}" if place else message


def _entry_of(parts: Sequence[str | int]) -> tuple[type[BaseModel], FieldInfo | None]:
    """The part of a scenario that holds a place, and the field there if there is one."""
    model: type[BaseModel] = Scenario
    field: FieldInfo | None = None
    for part in parts:
        inner = _entry_in(field.annotation) if field is not None else None
        if isinstance(part, int):
            continue
        model = inner or model
        field = model.model_fields.get(part)
    return model, field


def _entry_in(annotation: Any) -> type[BaseModel] | None:
    """The type of part that a field holds, directly or in a list."""
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return annotation
    return next((found for each in get_args(annotation) if (found := _entry_in(each))), None)


def examples() -> dict[str, Path]:
    """The scenarios that ship with the package, by name."""
    folder = Path(str(importlib.resources.files("throffer.amplify") / "scenarios"))
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def find_scenario(name: str) -> Path:
    """Find a scenario file by path, or an example by name; `SetupError` if it is neither."""
    if (path := Path(name)).is_file():
        return path
    if name in examples():
        return examples()[name]
    raise SetupError(
        f"{name} is neither a file nor an example.", f"Examples: {', '.join(examples())}."
    )
