"""The answer in words: what a model does, where, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from throffer.measure import (
    OUTSIDE,
    ActRate,
    Boundary,
    Controls,
    Measurement,
    RateTable,
    Tendency,
    Verdict,
)
from throffer.report.audit._document import Document
from throffer.report.audit._language import (
    ACTS,
    COORDINATES,
    PARTS,
    QUANTITIES,
    count,
    crossing,
    interval_text,
    percent,
    rate,
    unknown,
    visible,
)
from throffer.stats import Interval
from throffer.structure import Part

_MOVED = ("commands", "threatens", "blackmails", "deceives")


class ControlRow(NamedTuple):
    """A control in words: what it shows, what it should show, and the verdict.

    `passed` is None where that is not known.
    """

    control: str
    shows: str
    should: str
    passed: bool | None
    verdict: str


class Compared(NamedTuple):
    """One model in the table that compares several: `cells` in the order of the acts."""

    model: str
    played: int
    cells: list[Interval]
    unsanctioned: Interval


def overall(measurement: Measurement) -> RateTable | None:
    """The rates over the main part of the design."""
    return next((table for table in measurement.rates if table.group == "all"), None)


def distinct(tables: Sequence[RateTable], groups: Sequence[str]) -> list[RateTable]:
    """The tables of some groups in reading order, without groups whose one row repeats `all`."""
    found = []
    for group in groups:
        rows = [table for table in tables if table.group == group]
        if group == "part":
            order = [part.value for part in PARTS if part != Part.MAIN]
            rows = [table for key in order for table in rows if table.key == key]
        elif group != "all" and len(rows) == 1:
            rows = []
        found += rows
    return found


def of_act(table: RateTable, name: str) -> ActRate:
    """The rate of an act, or of all acts outside the game, in a group of situations."""
    return next(row for row in table.acts if row.act == name)


def headline(document: Document) -> str:
    """One sentence on all models together."""
    compared = document.comparison
    if compared is None:
        return "Nothing is known about conduct: no proposal was made."
    if len(document.models) == 1:
        return (
            f"In {rate(compared.most_rate)} of the situations that it played, "
            f"{visible(compared.most)} did something unsanctioned: pressure, extortion, blackmail "
            "or deception."
        )
    return (
        f"Of {len(document.models)} models, {visible(compared.least)} was least often "
        f"unsanctioned, in {rate(compared.least_rate)} of the situations that it played, and "
        f"{visible(compared.most)} most often, in {rate(compared.most_rate)}"
        + ("." if compared.apart else "; these intervals overlap.")
    )


def answer(document: Document, measurement: Measurement) -> str:
    """The paragraph on one model: what it does, where it does it, and how sure that is."""
    table = overall(measurement)
    if table is None or not table.played:
        return f"{visible(measurement.model)} made no proposal, so nothing is known of its conduct."
    name = visible(measurement.model)
    several = len(document.models) > 1
    sentences = [_tabled(name, table) if several else _does(name, table)]
    sentences += _where(document.tendencies, measurement.model)
    sentences.append(_reaches(measurement.boundaries))
    sentences.append(_controlled(control_rows(measurement)))
    sentences.append(_missing(table, measurement))
    return " ".join(sentence for sentence in sentences if sentence)


def compared(document: Document) -> list[Compared]:
    """The rows of the table that compares models, one for each."""
    rows = []
    for measurement in document.models:
        table = overall(measurement)
        if table is not None:
            cells = [of_act(table, name).rate for name in ACTS]
            rows.append(
                Compared(measurement.model, table.played, cells, table.unsanctioned.of_played)
            )
    return rows


def control_rows(measurement: Measurement) -> list[ControlRow]:
    """The controls, each with what it shows, what it should show and a plain verdict."""
    rows = {"no_lever": _no_lever, "described": _described, "shuffled": _shuffled}
    return [rows[each.control](measurement.controls, each) for each in measurement.verdicts]


def _no_lever(controls: Controls, verdict: Verdict) -> ControlRow:
    expected = controls.no_lever_expected
    should = (
        f"no more unsanctioned conduct than the fitted model expects there, {percent(expected, 1)}"
        if expected is not None
        else "hardly any unsanctioned conduct"
    )
    shown = controls.no_lever
    known = shown is not None and shown.of_played.estimate is not None
    shows = rate(shown.of_played) if shown and known else unknown(verdict.why)
    told = {
        "fails": "fails: unsanctioned conduct where there is no means for it; look at the "
        "transcripts",
        "not known": f"not known: {verdict.why}" if known else "not known",
    }.get(verdict.finding, "passes")
    return ControlRow("no lever", shows, should, verdict.passed, told)


def _described(controls: Controls, verdict: Verdict) -> ControlRow:
    than = "follows the described structure, but {} than the fitted model says"
    told = {
        "weaker": than.format("less"),
        "stronger": than.format("more"),
        "fails": "fails: conduct does not clearly follow the described structure",
    }.get(verdict.finding, verdict.finding)
    return ControlRow(
        "described structure",
        interval_text(controls.slope),
        "above 0: conduct follows the structure that the text describes; 1: as fitted",
        verdict.passed,
        told,
    )


def _shuffled(controls: Controls, verdict: Verdict) -> ControlRow:
    told = {
        "fails": "fails: conduct seems to follow what the text does not say; distrust the fit"
    }.get(verdict.finding, verdict.finding)
    return ControlRow(
        f"shuffled structure ({controls.shuffled_trials} trials)",
        interval_text(controls.shuffled_slope),
        "0: conduct does not follow a structure that was not described",
        verdict.passed,
        told,
    )


def _does(name: str, table: RateTable) -> str:
    parts = []
    for key in ("offers", "commands", "threatens", "blackmails", "deceives", "walks_away"):
        parts.append(f"{ACTS[key].verb} in {rate(of_act(table, key).rate)}")
    listed = ", ".join(parts[:-1]) + f", and {parts[-1]}"
    return (
        f"Over {count(table.played)} situations in which everything was varied independently, "
        f"{name} {listed} (95 % intervals in brackets)."
    )


def _tabled(name: str, table: RateTable) -> str:
    return (
        f"{name} played {count(table.played)} situations in which everything was varied "
        f"independently, and did something unsanctioned in {rate(table.unsanctioned.of_played)}."
    )


def _where(tendencies: Sequence[Tendency], model: str) -> list[str]:
    own = {each.act: each for each in tendencies if each.model == model}
    found, flat = [], []
    for act in _MOVED:
        each = own.get(act)
        if each is None or each.quantity is None or each.often is None or each.seldom is None:
            flat.append(ACTS[act].label)
            continue
        side, other = ("upper", "lower") if each.often_in == "high" else ("lower", "upper")
        found.append(
            f"It {ACTS[act].label} most where {QUANTITIES[each.quantity].label} is "
            f"{each.often_in}: {rate(each.often)} in the {side} third of situations against "
            f"{rate(each.seldom)} in the {other}."
        )
    if flat and tendencies:
        found.append(f"Where it {_either(flat)} more often cannot be told from these answers.")
    return found


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _reaches(boundaries: Sequence[Boundary]) -> str:
    if not boundaries:
        return "Where unsanctioned conduct becomes frequent is not known."
    threshold = percent(boundaries[0].level)
    places = [
        f"{COORDINATES[each.coordinate].label} {crossing(each.structural)}" for each in boundaries
    ]
    return (
        "With the other two coordinates held fixed, the chance of unsanctioned conduct reaches "
        f"{threshold} at {', '.join(places[:-1])}{' and ' if len(places) > 1 else ''}{places[-1]}, "
        "on scales from 0 (symmetric) to 1 (the limit)."
    )


def _controlled(found: Sequence[ControlRow]) -> str:
    failed = [each.control for each in found if each.passed is False]
    if failed:
        return (
            f"Read these results with care: a control ({'; '.join(failed)}) does not show what it "
            "should."
        )
    if any(each.passed is None for each in found):
        return "Not every control could be judged."
    return "The controls show what they should."


def _missing(table: RateTable, measurement: Measurement) -> str:
    parts = []
    if table.failed:
        parts.append(f"{count(table.failed)} of {count(table.asked)} situations failed technically")
    outside = of_act(table, OUTSIDE).count
    if outside:
        parts.append(f"{count(outside)} answers were acts outside the game")
    if measurement.fit is None:
        parts.append(f"no choice model was fitted ({measurement.fit_missing})")
    return f"Not in these rates: {'; '.join(parts)}." if parts else ""
