"""Convert a situation to an Inspect sample and back; the sample's metadata holds the dyad."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from inspect_ai.dataset import Sample
from pydantic import ValidationError

from throffer.situation import Situation, load_frame
from throffer.structure import FIELDS, SetupError

CARRIED = ("part", "frame", "wording", "elicitation", "seed", "described")


def sample_of(situation: Situation, prompt: str) -> Sample:
    """The sample of a situation: its id, the prompt, and every field as flat metadata.

    Inspect's `samples_df` shows the fields as columns `metadata_force`, `metadata_frame`, ...
    """
    carried = situation.model_dump(mode="json", include=set(CARRIED))
    return Sample(id=situation.id, input=prompt, metadata={**situation.dyad, **carried})


def situation_of(sample_id: int | str, metadata: Mapping[str, Any]) -> Situation:
    """The situation that `sample_of` put into a sample; `ValueError` for a foreign sample."""
    missing = [name for name in (*FIELDS, *CARRIED) if name not in metadata]
    if missing:
        raise ValueError(f"sample {sample_id} is not throffer's: no metadata {missing[0]!r}")
    described = metadata["described"]
    return Situation(
        id=str(sample_id),
        dyad={name: metadata[name] for name in FIELDS},
        **{name: metadata[name] for name in CARRIED if name != "described"},
        described={name: described[name] for name in FIELDS},
    )


def design_digest(situations: Iterable[Situation]) -> str:
    """SHA-256 over the situations, in order, and the texts of their frames.

    Two runs with the same digest ask the same situations in the same words.
    """
    digest = hashlib.sha256()
    told: set[str] = set()
    for situation in situations:
        digest.update(situation.model_dump_json().encode())
        told.add(situation.frame)
    for frame in sorted(told):
        digest.update(load_frame(frame).digest.encode())
    return digest.hexdigest()


def write_design(situations: Iterable[Situation], path: Path) -> None:
    """Write a design as JSON lines, one situation on each line."""
    path.write_text("".join(f"{situation.model_dump_json()}\n" for situation in situations))


def read_design(path: Path | str) -> list[Situation]:
    """Read a design that `write_design` wrote; `SetupError` names the file and the faulty line."""
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"Cannot read the design {path} ({error}).", "Give its path.") from error
    situations: list[Situation] = []
    for number, line in enumerate(lines, 1):
        try:
            situations.append(Situation.model_validate(json.loads(line)))
        except (json.JSONDecodeError, ValidationError) as error:
            raise SetupError(
                f"{path}, line {number} is not a situation ({error}).", "Write the design again."
            ) from error
    return situations
