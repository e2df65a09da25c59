"""Converting the fit to games into the reference agent `people` of `throffer.game`."""

from __future__ import annotations

from throffer.game import DataSource, Norm, Number, PeopleAgent
from throffer.people.games._fits import EVERYBODY
from throffer.people.games._tables import GamesTable
from throffer.structure import UNSANCTIONED, Conduct

NUMBERS = ("precision", "guilt", "counterpart_precision", "counterpart_envy")
"""Names of the preferences that the games identify."""

ZERO_BY_FIT = (
    "held at 0, that of an even offer; offers of every size were left to guilt and payoffs"
)

NOT_IDENTIFIED = (
    "not identified: no game that was fitted has a lever, a false promise or a rank. The agent "
    "uses 0, no norm at all, because every other number would be invented. What it then does is "
    "what payoffs alone say, a bound from above for people who hold any norm against it. Set "
    "norms of your own to go beyond."
)

NO_CHOICE = "the rules forced an offer, so nobody could withdraw; the agent uses 0"

NOTE = (
    "One agent for everybody, and people differ: the games are fitted better by two kinds of "
    "proposer, one of which gives next to nothing. Precision is per pie and takes in those "
    "differences. Offers without real money in classrooms outnumber those for money by far."
)


def people_agent(table: GamesTable) -> PeopleAgent:
    """Build the agent from the fit `EVERYBODY`; norms that are not identified have a null estimate.

    Args:
        table: the fits.
    """
    fit = table.fit(EVERYBODY)
    found = {
        each.name: Number(estimate=each.estimate, low=each.low, high=each.high)
        for each in fit.parameters
    }
    return PeopleAgent(
        fit=fit.name,
        numbers={name: found[name] for name in NUMBERS},
        lapse=found["lapse"],
        names=fit.names,
        mode=fit.mode,
        covariance=fit.covariance,
        norms={conduct.value: _norm(conduct) for conduct in Conduct},
        trials=fit.trials,
        clusters=fit.clusters,
        sources=tuple(
            DataSource(
                source=each.source, citation=each.citation, licence=each.licence, data=each.data
            )
            for each in table.sources
            if each.source in fit.sources
        ),
        code_version=table.code_version,
        note=NOTE,
    )


def _norm(conduct: Conduct) -> Norm:
    if conduct in UNSANCTIONED or conduct is Conduct.AUTHORITY:
        return Norm(estimate=None, used=0.0, why=NOT_IDENTIFIED)
    if conduct is Conduct.WITHDRAW:
        return Norm(estimate=None, used=0.0, why=NO_CHOICE)
    return Norm(estimate=0.0, used=0.0, why=ZERO_BY_FIT)
