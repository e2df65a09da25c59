"""Agreement, classifiers and rates of text acts as a small derived table inside the package."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from jaxtyping import Float, Int
from pydantic import BaseModel, ConfigDict

import throffer
from throffer.people._shipped import load_table, shipped, write_table
from throffer.people.talk._agreement import alpha_over_dialogues
from throffer.people.talk._classify import Predicted, features, predict, span
from throffer.people.talk._codes import ACTS, CODEBOOK, UNREADABLE, read_codes
from throffer.people.talk._messages import TALK_SOURCES, read_talk
from throffer.people.talk._people import against_people
from throffer.people.talk._prevalence import Population, estimate
from throffer.people.talk._quality import judge_predictions, reliability
from throffer.people.talk._sample import draw
from throffer.record import find_source, record_folder
from throffer.stats import Interval, finite_or_none

FILE = "acts.json"


class Stored(BaseModel):
    """A frozen record that forbids unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Measure(Stored):
    """A value and its 95 % interval, clustered by dialogue; null if unknown."""

    value: float | None
    low: float | None
    high: float | None


class ActAgreement(Stored):
    """Agreement of the coders.

    Attributes:
        act: one of `ACTS`; null for all acts together.
        source: name of the source; null for all together.
        alpha: Krippendorff's alpha.
        coded: number of codes with the act by coder.
    """

    act: str | None
    source: str | None
    alpha: Measure
    coded: dict[str, int]


class ReliabilityBin(Stored):
    """A bin of predicted probability: number of codes, mean prediction, share with the act."""

    codes: int
    predicted: float | None
    coded: float | None


class ActClassifier(Stored):
    """Held-out quality of the classifier of an act; measures are null if none could be trained.

    Attributes:
        act: one of `ACTS`.
        positives: number of messages that have the act by any coder.
        precision: in the sample; so are the measures without `weighted`.
        recall: see `judge_predictions`.
        f1: see `judge_predictions`.
        coders_f1: f1 of one coder against the other, for comparison.
        brier: see `judge_predictions`.
        skill: see `judge_predictions`.
        calibration_error: see `judge_predictions`.
        weighted_precision: with the weights of the sample, so that it holds for all messages.
        weighted_recall: with the weights of the sample.
        reliability: reliability curve.
    """

    act: str
    positives: int
    precision: Measure
    recall: Measure
    f1: Measure
    coders_f1: float | None
    brier: Measure
    skill: Measure
    calibration_error: Measure
    weighted_precision: Measure
    weighted_recall: Measure
    reliability: tuple[ReliabilityBin, ...]


class ActRate(Stored):
    """Share of the messages of a source, or of one role in it, that have an act.

    Attributes:
        source: name of the source.
        role: role of the speaker; null for all.
        act: one of `ACTS`.
        messages: number of messages in the population.
        coded: number of messages in the sample.
        hand: estimate from the sample with its weights.
        by_coder: the same from the codes of each coder alone.
        predicted: estimate with predictions, corrected by their errors.
        tuning: weight of the predictions.
    """

    source: str
    role: str | None
    act: str
    messages: int
    coded: int
    hand: Measure
    by_coder: dict[str, float]
    predicted: Measure
    tuning: float | None


class PeopleCheck(Stored):
    """Agreement of a coder with CaSiNo's annotators; see `AgainstPeople`."""

    act: str
    label: str
    coder: str
    both: int
    coder_alone: int
    people_alone: int
    neither: int
    kappa: float | None


class ActsTable(Stored):
    """Text acts in conversations; see docs/record/acts.md.

    Attributes:
        sources: licence of each source.
        codebook: version of the codebook.
        coders: name of each coder, and what the coder was.
        messages: number of messages in the population.
        coded: number of coded messages.
        dialogues: number of dialogues with coded messages.
        unreadable: number of unreadable messages by coder.
        agreement: agreement of the coders.
        people: agreement of the coders with people.
        classifiers: quality of the classifiers.
        rates: rates of the acts.
        data: checksum of the raw files of all three sources.
        codes: checksum of the stored codes.
        code_version: version of the package that made the table.
        note: what a reader has to know.
    """

    sources: dict[str, str]
    codebook: int
    coders: dict[str, str]
    messages: int
    coded: int
    dialogues: int
    unreadable: dict[str, int]
    agreement: tuple[ActAgreement, ...]
    people: tuple[PeopleCheck, ...]
    classifiers: tuple[ActClassifier, ...]
    rates: tuple[ActRate, ...]
    data: str
    codes: str
    code_version: str
    note: str


CODERS = {
    "a": "a language model, blind to the other coder",
    "b": "a language model, blind to the other coder",
}

NOTE = (
    "Alpha is agreement between two language models, not with people. Ransom chats were recorded "
    "because somebody was coerced: their rates are of what is said in such chats, not of how often "
    "people coerce."
)


class Coded(NamedTuple):
    """The population of messages, the coded sample in it, and its codes.

    Attributes:
        talk: the population.
        place: rows of the coded messages.
        weight: inverse of each coded message's probability of being sampled.
        dialogue: number of each message's dialogue.
        coders: names of the coders.
        codes: 0 or 1.
        unreadable: number of unreadable messages by coder.
    """

    talk: pl.DataFrame
    place: Int[np.ndarray, "coded"]
    weight: Float[np.ndarray, "coded"]
    dialogue: Int[np.ndarray, "message"]
    coders: tuple[str, ...]
    codes: Float[np.ndarray, "coder coded act"]
    unreadable: dict[str, int]


def read_coded(folder: Path | None = None, codes: pl.DataFrame | None = None) -> Coded:
    """Read the messages and join the codes of the sample.

    Args:
        folder: folder of the raw files of all sources; see `record_folder`.
        codes: the coders' codes; by default those inside the package.

    Raises:
        ValueError: If the codes are not of the messages that the sample draws.
    """
    everything = read_talk(folder)
    sample = draw(everything).select("id", "weight")
    given = read_codes() if codes is None else codes
    if set(given["id"]) != set(sample["id"]):
        raise ValueError(
            "the codes are not of the messages that the sample draws, because the sampling or the "
            "raw files have changed; draw and code the sample again"
        )
    talk = everything.filter("counted")
    rows = talk.select("id").with_row_index("row").join(sample, on="id").sort("row")
    coders = tuple(given["coder"].unique().sort())
    by_coder = [
        rows.join(given.filter(pl.col("coder") == coder), on="id", maintain_order="left")
        for coder in coders
    ]
    return Coded(
        talk=talk,
        place=rows["row"].cast(pl.Int64).to_numpy(),
        weight=rows["weight"].to_numpy(),
        dialogue=talk["dialogue"].rank("dense").cast(pl.Int64).to_numpy() - 1,
        coders=coders,
        codes=np.stack([frame.select(ACTS).to_numpy().astype(float) for frame in by_coder]),
        unreadable={
            coder: int(frame[UNREADABLE].sum())
            for coder, frame in zip(coders, by_coder, strict=True)
        },
    )


def agreement(coded: Coded) -> list[ActAgreement]:
    """Compute alpha of each act and of all acts together, for all messages and by source."""
    source = coded.talk["source"].to_numpy()[coded.place]
    dialogue = coded.dialogue[coded.place]
    found = []
    for name in (None, *TALK_SOURCES):
        rows = np.ones(len(source), dtype=bool) if name is None else source == name
        for act in (None, *range(len(ACTS))):
            chosen = list(range(len(ACTS))) if act is None else [act]
            part = coded.codes[:, rows][:, :, chosen]
            found.append(
                ActAgreement(
                    act=None if act is None else ACTS[act],
                    source=name,
                    alpha=_measure(alpha_over_dialogues(part, dialogue[rows])),
                    coded={
                        coder: int(codes.sum())
                        for coder, codes in zip(coded.coders, part, strict=True)
                    },
                )
            )
    return found


def classifiers(coded: Coded, predicted: Predicted) -> list[ActClassifier]:
    """Compute the held-out quality of each act's classifier."""
    dialogue = coded.dialogue[coded.place]
    none = Measure(value=None, low=None, high=None)
    found = []
    for act, name in enumerate(ACTS):
        codes, chances = coded.codes[:, :, act], predicted.held_out[:, act]
        trained = bool(np.isfinite(chances).all())
        plain = judge_predictions(chances, codes, dialogue) if trained else None
        weighted = judge_predictions(chances, codes, dialogue, coded.weight) if trained else None
        measures = {} if plain is None else {k: _measure(v) for k, v in plain._asdict().items()}
        both, given = codes.prod(axis=0).sum(), codes.sum()
        found.append(
            ActClassifier(
                act=name,
                positives=int((codes.max(axis=0) > 0).sum()),
                **{
                    key: measures.get(key, none)
                    for key in ("precision", "recall", "f1", "brier", "skill", "calibration_error")
                },
                coders_f1=finite_or_none(len(codes) * both / given) if given else None,
                weighted_precision=none if weighted is None else _measure(weighted.precision),
                weighted_recall=none if weighted is None else _measure(weighted.recall),
                reliability=tuple(
                    ReliabilityBin(
                        codes=one.codes,
                        predicted=finite_or_none(one.predicted),
                        coded=finite_or_none(one.coded),
                    )
                    for one in (reliability(chances, codes) if trained else [])
                ),
            )
        )
    return found


def domains(talk: pl.DataFrame) -> list[tuple[str, str | None]]:
    """List each source as a whole, and by role if it has more than one."""
    found: list[tuple[str, str | None]] = []
    for source in TALK_SOURCES:
        roles = sorted(talk.filter(pl.col("source") == source)["role"].unique())
        found += [(source, None), *((source, role) for role in roles if len(roles) > 1)]
    return found


def rates(coded: Coded, predicted: Predicted | None) -> list[ActRate]:
    """Estimate the rates of every act by source and role.

    Args:
        coded: the messages and codes.
        predicted: predictions; None to estimate from the sample alone.
    """
    count = len(coded.talk)
    found = []
    for source, role in domains(coded.talk):
        chosen = pl.col("source") == source
        if role is not None:
            chosen &= pl.col("role") == role
        where = coded.talk.select(chosen).to_series().to_numpy()
        for act, name in enumerate(ACTS):
            whole = Population(
                dialogue=coded.dialogue,
                prediction=np.full(count, np.nan)
                if predicted is None
                else predicted.population[:, act],
                place=coded.place,
                code=coded.codes[:, :, act].mean(axis=0),
                held_out=np.full(len(coded.place), np.nan)
                if predicted is None
                else predicted.held_out[:, act],
                weight=coded.weight,
            )
            part = whole.within(where)
            rate = estimate(part)
            found.append(
                ActRate(
                    source=source,
                    role=role,
                    act=name,
                    messages=len(part.dialogue),
                    coded=len(part.place),
                    hand=_measure(rate.hand),
                    by_coder={
                        coder: float(np.average(codes[where[coded.place]], weights=part.weight))
                        for coder, codes in zip(coded.coders, coded.codes[:, :, act], strict=True)
                    },
                    predicted=_measure(rate.predicted),
                    tuning=finite_or_none(rate.tuning),
                )
            )
    return found


def acts_table(folder: Path | None = None) -> ActsTable:
    """Compute the table from the raw files; training the classifiers takes about a minute.

    Args:
        folder: folder of the raw files of all sources; see `record_folder`.

    Raises:
        SetupError: If scikit-learn is not installed, or a raw file is missing, truncated or has
            other content than expected.
    """
    root = record_folder(folder)
    coded = read_coded(root)
    directions = span(features(coded.talk), coded.place)
    dialogue = coded.dialogue[coded.place]
    predicted = predict(directions, coded.place, coded.codes, dialogue)
    return ActsTable(
        sources={name: find_source(name).licence for name in TALK_SOURCES},
        codebook=CODEBOOK,
        coders=CODERS,
        messages=len(coded.talk),
        coded=len(coded.place),
        dialogues=len(np.unique(dialogue)),
        unreadable=coded.unreadable,
        agreement=tuple(agreement(coded)),
        people=tuple(
            PeopleCheck(**one._asdict(), kappa=finite_or_none(one.kappa()))
            for one in against_people(root)
        ),
        classifiers=tuple(classifiers(coded, predicted)),
        rates=tuple(rates(coded, predicted)),
        data=data_identity(root),
        codes=codes_identity(),
        code_version=throffer.__version__,
        note=NOTE,
    )


def data_identity(folder: Path) -> str:
    """Compute the SHA-256 over the identities of the three sources."""
    lines = "".join(f"{find_source(name).raw(folder).identity()}\n" for name in TALK_SOURCES)
    return hashlib.sha256(lines.encode()).hexdigest()


def codes_identity() -> str:
    """Compute the SHA-256 of the codes inside the package."""
    return hashlib.sha256(read_codes().write_csv().encode()).hexdigest()


def _measure(found: Interval) -> Measure:
    return Measure(value=found.estimate, low=found.low, high=found.high)


def load_acts() -> ActsTable:
    """Load the table from the package; no raw data are needed.

    Raises:
        SetupError: If the file is missing or damaged.

    ```python
    >>> load_acts().coded
    660

    ```
    """
    return load_table(FILE, ActsTable)


def write_acts(table: ActsTable, path: Path | None = None) -> Path:
    """Write a table; by default it replaces the one inside the package."""
    return write_table(table, path or shipped(FILE))
