"""Scenario files: what they admit, and what they say of what they do not."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import yaml

from throffer.amplify import Scenario, constant_loss, examples, find_scenario, read_scenario
from throffer.amplify._assemble import assemble, draw_shares, network_of
from throffer.amplify._scenario import Between, Network
from throffer.structure import SetupError

DOCS = Path(__file__).parents[2] / "docs"

PLAIN = """
name: plain
horizon: 5
growth: {rate: 0.2}
regimes:
  - {name: court, pace: 1, capacity: {low: 1, high: 3}, saturation: 2, lag: 0.5, margin: 4}
  - {name: press, count: 2, pace: 2, capacity: 4, saturation: 2, lag: 0.1, margin: 4}
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "scenario.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", ["institution", "five_regimes", "agent_economy"])
def test_every_example_is_a_scenario_whose_system_holds_together(name: str) -> None:
    scenario = read_scenario(find_scenario(name))
    shares = draw_shares(scenario, 8, scenario.seed)
    system = assemble(scenario, constant_loss(0.1), shares)
    assert system.shape == (8, scenario.count)


def test_a_range_is_drawn_over_its_whole_length_and_the_rest_stays(tmp_path: Path) -> None:
    scenario = read_scenario(written(tmp_path, PLAIN))
    assert list(scenario.ranges()) == ["regimes.court.capacity"]
    system = assemble(scenario, constant_loss(0.1), draw_shares(scenario, 64, 1))
    capacity = np.asarray(system.capacity)
    assert capacity.shape == (64, 3)
    assert 1 <= capacity[:, 0].min() < 1.1
    assert 2.9 < capacity[:, 0].max() <= 3
    assert (capacity[:, 1:] == 4).all()


def test_a_log_range_has_its_middle_at_the_geometric_mean() -> None:
    assert Between(low=1, high=100, scale="log").at(np.array(0.5)) == pytest.approx(10)


def test_a_lever_touches_the_fields_it_names_and_no_other(tmp_path: Path) -> None:
    scenario = read_scenario(written(tmp_path, PLAIN))
    plain = assemble(scenario, constant_loss(0.1))
    all_lags = assemble(scenario, constant_loss(0.1), None, {"regimes.lag": 0.5})
    one = assemble(scenario, constant_loss(0.1), None, {"regimes.press.lag": 0.5})
    assert np.allclose(all_lags.lag, 0.5 * np.asarray(plain.lag))
    assert np.ravel(one.lag).tolist() == [0.5, 0.05, 0.05]
    assert np.allclose(one.margin, plain.margin)


@pytest.mark.parametrize(
    ("key", "factor", "said"),
    [
        ("regimes.speed", 2, r"lever 'it' names 'regimes.speed', which changes nothing"),
        ("growth.ceiling", 2, "changes nothing"),
        ("collapse.recovery", 2, "changes nothing"),
        ("collapse.sharing", 2, "changes nothing"),
        ("population", 2, "changes nothing"),
        ("population.foo", 2, "changes nothing"),
        ("growth.lag", 2, "changes nothing"),
        ("regimes.lag", 0, r"makes regimes.court.lag 0; admissible is above 0"),
    ],
)
def test_a_lever_that_would_do_nothing_or_too_much_is_refused(
    tmp_path: Path, key: str, factor: float, said: str
) -> None:
    levers = f"levers: [{{name: it, multiply: {{{key}: {factor}}}}}]\n"
    with pytest.raises(SetupError, match=said):
        read_scenario(written(tmp_path, PLAIN + levers))


def test_factors_of_one_lever_on_the_same_number_multiply(tmp_path: Path) -> None:
    scenario = read_scenario(written(tmp_path, PLAIN))
    found = scenario.factors({"regimes.lag": 0.5, "regimes.court.lag": 0.5})
    assert found == {"regimes.court.lag": 0.25, "regimes.press.lag": 0.5}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("horizon: 5", "horizon: -5"), r"horizon = -5: .*greater than 0"),
        (("capacity: 4", "capacity: 0"), r"regimes.1.capacity = 0: .*above 0"),
        (("low: 1, high: 3", "low: 3, high: 1"), r"regimes.0.capacity.*low = 3 must lie below"),
        (("low: 1, high: 3", "low: -1, high: 3"), r"regimes.0.capacity.*-1 is not admissible"),
        (("rate: 0.2", "rate: fast"), r"growth.rate = 'fast': .*; growth rate r is at least 0"),
        (("rate: 0.2", "rate: .nan"), r"growth.rate"),
        (("name: press", "name: court"), r"names occur twice"),
        (("name: plain", "name: plain\ncolour: red"), r"colour: is no field here; .*time_unit"),
        (
            ("name: court, pace: 1", "name: court, speed: 1, pace: 1"),
            r"regimes.0.speed: is no field here; such are name, count, pace",
        ),
        (("rate: 0.2", "rate: 0.2, rate: 0.3"), r"the key 'rate' occurs twice"),
        (("horizon: 5", "horizon: 2027-01-01"), r"horizon = datetime.date\(2027, 1, 1\)"),
        (
            ("horizon: 5", "horizon: 1e300"),
            r"horizon = .1e300.: .*less than or equal to 1000000000",
        ),
        (("capacity: 4", "initial: 99, capacity: 4"), r"initial = 99 must lie below margin"),
        (("name: court, pace: 1", "name: court"), r"regimes.0.pace: is missing"),
        (("name: plain", "name: plain\nsensitivity: 100"), r"no power of two"),
        (("pace: 1,", "pace: true,"), r"regimes.0.pace = True: true and false are no numbers"),
        (
            ("name: plain", "name: plain\nagents: {preferences: gpt}"),
            r"agents.preferences = 'gpt': is no reference agent",
        ),
        (
            ("name: plain", "name: plain\nagents: {population: {fields: {foo: 1}}}"),
            r"agents.population.*fields names 'foo'",
        ),
    ],
)
def test_a_bad_field_is_named_with_its_value_and_what_is_admissible(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    with pytest.raises(SetupError, match=said):
        read_scenario(written(tmp_path, PLAIN.replace(*change)))


@pytest.mark.parametrize(
    "text", ["", "- a\n- b", "just words", "a: [1,", "!!python/object:os.system {}", "[" * 3000]
)
def test_what_is_no_scenario_is_refused_and_not_run(tmp_path: Path, text: str) -> None:
    with pytest.raises(SetupError) as refused:
        read_scenario(written(tmp_path, text))
    assert "no YAML" in str(refused.value) or "the fields name, horizon" in str(refused.value)


def test_a_name_that_is_neither_file_nor_example_lists_the_examples() -> None:
    with pytest.raises(SetupError, match="institution"):
        find_scenario("nowhere")
    assert set(examples()) == {"institution", "five_regimes", "agent_economy"}


def test_the_published_schema_is_that_of_the_code() -> None:
    text = (DOCS / "scenario.schema.json").read_text("utf-8")
    assert "Infinity" not in text
    published = json.loads(text)
    assert published == Scenario.model_json_schema(), "throffer amplify --schema renews it"
    court = published["$defs"]["RegimeGroup"]["properties"]["capacity"]
    assert (court["unit"], court["exclusiveMinimum"]) == ("1/time", 0.0)
    validator = jsonschema.Draft202012Validator(published)
    known = yaml.safe_load(PLAIN)
    assert validator.is_valid(known)
    for wrong in (-3, {"low": -3, "high": 8}, {"low": 0, "high": 8}):
        known["regimes"][1]["capacity"] = wrong
        assert not validator.is_valid(known)


def test_every_number_of_the_schema_has_a_unit_and_a_meaning() -> None:
    schema = Scenario.model_json_schema()
    parts = {name: part for name, part in schema["$defs"].items() if name != "Between"}
    for entry in (schema, *parts.values()):
        for name, field in entry["properties"].items():
            kinds = [field, *field.get("anyOf", [])]
            if any(kind.get("type") in ("number", "integer") for kind in kinds):
                assert field.get("unit"), name
                assert field.get("description"), name


def test_a_random_network_has_the_degree_that_was_asked_for() -> None:
    made = network_of(Network(kind="random", weight=0.5, degree=6), 2000, seed=3)
    assert made is not None
    degree = np.bincount(np.asarray(made.target), minlength=2000).mean()
    assert degree == pytest.approx(6, abs=0.3)
    back = {(t, s) for t, s in zip(made.target, made.source, strict=True)}
    assert all((s, t) in back for t, s in back)
