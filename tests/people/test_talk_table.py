"""The table of text acts: rebuilt from raw files and stored codes, and compared with the page."""

from pathlib import Path

import pytest

from throffer.people import acts_table
from throffer.people.talk import ACTS, ActsTable, load_acts, read_coded
from throffer.people.talk._people import against_people, read_annotations
from throffer.people.talk._table import (
    Coded,
    Measure,
    agreement,
    codes_identity,
    data_identity,
    domains,
    rates,
)

PAGE = Path(__file__).parents[2] / "docs" / "record" / "acts.md"


@pytest.fixture(scope="module")
def coded(folder: Path) -> Coded:
    return read_coded(folder)


@pytest.fixture(scope="module")
def shipped() -> ActsTable:
    return load_acts()


def numbers(measure: Measure) -> list[float | None]:
    return [measure.value, measure.low, measure.high]


def test_the_shipped_table_is_of_these_files_and_codes(folder: Path, shipped: ActsTable) -> None:
    assert shipped.data == data_identity(folder)
    assert shipped.codes == codes_identity()


def test_agreement_is_what_the_codes_give(coded: Coded, shipped: ActsTable) -> None:
    found = agreement(coded)
    assert [(one.act, one.source, one.coded) for one in found] == [
        (one.act, one.source, one.coded) for one in shipped.agreement
    ]
    for now, then in zip(found, shipped.agreement, strict=True):
        assert numbers(now.alpha) == pytest.approx(numbers(then.alpha))


def test_rates_by_hand_are_what_codes_and_weights_give(coded: Coded, shipped: ActsTable) -> None:
    for now, then in zip(rates(coded, None), shipped.rates, strict=True):
        key = (then.source, then.role, then.act, then.messages, then.coded)
        assert (now.source, now.role, now.act, now.messages, now.coded) == key
        assert numbers(now.hand) == pytest.approx(numbers(then.hand))
        assert now.by_coder == pytest.approx(then.by_coder)


def test_coders_stand_against_the_people_who_annotated_casino(
    folder: Path, shipped: ActsTable
) -> None:
    assert read_annotations(folder).height == 4580
    for now, then in zip(against_people(folder), shipped.people, strict=True):
        assert now._asdict() == then.model_dump(exclude={"kappa"})
        assert now.kappa() == pytest.approx(then.kappa)


def test_every_act_has_a_rate_in_every_domain(coded: Coded, shipped: ActsTable) -> None:
    wanted = {(source, role, act) for source, role in domains(coded.talk) for act in ACTS}
    assert {(one.source, one.role, one.act) for one in shipped.rates} == wanted


def test_codes_of_other_messages_are_refused(folder: Path) -> None:
    from throffer.people import read_codes

    with pytest.raises(ValueError, match="code the sample again"):
        read_coded(folder, read_codes().head(100))


def test_ransom_rates_come_with_a_warning(shipped: ActsTable) -> None:
    assert "not of how often people coerce" in shipped.note


@pytest.mark.slow
def test_the_whole_table_comes_out_again(folder: Path, shipped: ActsTable) -> None:
    again = acts_table(folder)
    for now, then in zip(again.classifiers, shipped.classifiers, strict=True):
        for name in ("precision", "recall", "f1", "brier", "skill", "calibration_error"):
            assert numbers(getattr(now, name)) == pytest.approx(
                numbers(getattr(then, name)), abs=0.02
            )
    for now, then in zip(again.rates, shipped.rates, strict=True):
        assert numbers(now.predicted) == pytest.approx(numbers(then.predicted), abs=0.005)


def written(measure: Measure) -> str:
    """A measure as the page prints it, in percent without the sign."""
    if measure.value is None or measure.low is None or measure.high is None:
        return "none"
    return f"{100 * measure.value:.1f} [{100 * measure.low:.1f}, {100 * measure.high:.1f}]"


def plain(measure: Measure, digits: int = 2) -> str:
    if measure.value is None or measure.low is None or measure.high is None:
        return "none"
    value, low, high = (f"{end:.{digits}f}" for end in (measure.value, measure.low, measure.high))
    return f"{value} [{low}, {high}]"


def test_the_page_prints_the_agreement_of_the_table(shipped: ActsTable) -> None:
    page = PAGE.read_text("utf-8")
    for one in shipped.agreement:
        if one.source is None:
            label = one.act or "all acts"
            row = f"| {label} | {plain(one.alpha)} | {one.coded['a']} | {one.coded['b']} |"
            assert row in page


def test_the_page_prints_the_classifier_of_the_table(shipped: ActsTable) -> None:
    page = PAGE.read_text("utf-8")
    for one in shipped.classifiers:
        measures = [plain(one.precision), plain(one.recall), plain(one.brier, 3)]
        measures += [plain(one.skill), plain(one.calibration_error, 3)]
        row = " | ".join([one.act, str(one.positives), *measures])
        assert f"| {row} | {one.coders_f1:.2f} |" in page


def test_the_page_prints_the_rates_of_the_table(shipped: ActsTable) -> None:
    page = PAGE.read_text("utf-8")
    for one in shipped.rates:
        if one.role is None or one.source == "ransomchats":
            place = one.source if one.role is None else f"{one.source}, {one.role}"
            assert (
                f"| {place} | {one.act} | {written(one.hand)} | {written(one.predicted)} |" in page
            )
