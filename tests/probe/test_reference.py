import anyio
import numpy as np
import pytest
from inspect_ai.model import ChatMessageUser, GenerateConfig, get_model

from throffer.game import play_each, reference_preferences
from throffer.probe import read_logs
from throffer.probe._reference import ReferenceAPI, preferences_of
from throffer.probe._tools import tool_infos
from throffer.situation import Situation, code_terms, render, terms_tools
from throffer.structure import FIELDS, Conduct, Dyad, SetupError


@pytest.fixture(scope="module")
def situations(design: list[Situation], world_design: list[Situation]) -> list[Situation]:
    return sorted([*design, *world_design], key=lambda s: s.id)


@pytest.fixture(scope="module")
def plays(situations: list[Situation]):
    """The fast path: the game on the same seeds and described dyads."""
    dyads = Dyad(**{f: np.array([s.described[f] for s in situations]) for f in FIELDS})
    seeds = np.array([s.seed for s in situations])
    return play_each(seeds, dyads, reference_preferences("planted"))


def test_the_agent_read_through_inspect_plays_as_the_game_does(planted_logs, situations, plays):
    table = read_logs([planted_logs])[0].table
    assert table["id"].to_list() == [s.id for s in situations]
    conducts = [list(Conduct)[code].value for code in np.asarray(plays.conduct)]
    assert table["outcome"].to_list() == conducts
    # money is stated to the cent
    found = table["concession"].fill_null(np.nan).to_numpy()
    np.testing.assert_allclose(found, np.asarray(plays.concession), atol=1e-4)


def test_the_reference_counterpart_answers_as_in_the_game(planted_logs, situations, plays):
    table = read_logs([planted_logs])[0].table
    expected = [
        None
        if situation.elicitation == "terms" or conduct == Conduct.WITHDRAW.code
        else ("accepted" if accepted else "refused")
        for situation, conduct, accepted in zip(
            situations, np.asarray(plays.conduct), np.asarray(plays.accepted), strict=True
        )
    ]
    assert table["answer"].to_list() == expected
    assert {"accepted", "refused"} <= set(expected)


def ask(situation: Situation, seed: int | None, text: str | None = None):
    model = get_model("throffer/reference", memoize=False)
    prompt = text or render(situation.described, situation.frame, situation.wording)

    async def generate():
        return await model.generate(
            [ChatMessageUser(content=prompt)],
            tools=tool_infos(terms_tools(situation.frame)),
            config=GenerateConfig(seed=seed),
        )

    return anyio.run(generate)


def test_the_seed_alone_moves_the_draw(design):
    situation = next(s for s in design if s.part == "main")
    calls = [ask(situation, seed).message.tool_calls[0].arguments for seed in (1, 1, 2, 3, 4)]
    assert calls[0] == calls[1]
    assert any(call != calls[0] for call in calls)


def test_a_text_that_cannot_be_read_is_answered_in_prose(design):
    output = ask(design[0], 1, "Good morning.")
    assert not output.message.tool_calls
    assert "could not be read" in output.message.text
    assert output.usage is not None


def test_the_sanctioned_agent_does_nothing_unsanctioned(design):
    api = ReferenceAPI("sanctioned")
    for situation in design:
        prompt = render(situation.described, situation.frame, situation.wording)
        [call] = api.calls([ChatMessageUser(content=prompt)], {"propose"}, situation.seed)
        conduct = code_terms(situation.frame, situation.described, call.tool, call.arguments)
        assert conduct.outcome.conduct is not None
        assert conduct.outcome.conduct.sanctioned


def test_arguments_override_the_agent_s_own_numbers():
    preferences, lapse = preferences_of(
        "reference", {"precision": "3", "norm_blackmail": 2.5, "lapse": 0.1, "agent": "sanctioned"}
    )
    assert preferences.precision == 3.0
    assert preferences.norms[Conduct.BLACKMAIL.code] == 2.5
    assert preferences.norms[Conduct.EXTORTION.code] > 10
    assert lapse == 0.1


def test_people_are_a_model_without_norms_of_their_own():
    preferences, lapse = preferences_of("people", {"norm_blackmail": "2"})
    assert preferences.guilt == reference_preferences("people").guilt
    assert preferences.norms[Conduct.BLACKMAIL.code] == 2.0
    assert preferences.norms[Conduct.EXTORTION.code] == 0.0
    assert lapse == 0.0


@pytest.mark.parametrize(
    ("name", "arguments", "named"),
    [
        ("reference", {"presicion": 3}, "presicion"),
        ("reference", {"norm_bribery": 3}, "norm_bribery"),
        ("reference", {"guilt": "much"}, "guilt"),
        ("reference", {"precision": -1}, "precision"),
        ("reference", {"lapse": 2}, "lapse"),
        ("saint", {}, "saint"),
    ],
)
def test_a_wrong_argument_is_a_setup_error_that_names_it(name, arguments, named):
    with pytest.raises(SetupError, match=named):
        preferences_of(name, arguments)
