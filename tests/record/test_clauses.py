"""Splitting and coding legal text: example clauses, and agreement computed by hand."""

import polars as pl
import pytest

from throffer.record.clauses import CLAUSES, as_clauses, clause_episodes, count_words, segment
from throffer.record.clauses._agreement import compare, fingerprint


def coded(text: str, *, law: bool, parties: tuple[str, ...] = ()) -> list[dict]:
    documents = pl.DataFrame(
        {"document": [1], "cluster": ["c"], "version": ["v"], "text": [text], "repeats": [False]}
    )
    names = pl.DataFrame(
        {"document": [1] * len(parties), "name": list(parties)},
        schema={"document": pl.Int64, "name": pl.String},
    )
    return as_clauses(documents, source="made", file="f", law=law, names=names).to_dicts()


def one(text: str, *, law: bool, parties: tuple[str, ...] = ()) -> dict:
    (clause,) = coded(text, law=law, parties=parties)
    return clause


FIELDS = ("modality", "bearer", "counterpart", "action", "conditional", "consequence")

CONTRACT = {
    "If Buyer fails to pay on time, Buyer shall pay interest at 10 % to Supplier.": (
        ("penalty", "party", "party", "pay", True, "penalty")
    ),
    "Neither party shall disclose the terms to any third party.": (
        ("prohibition", "both", "other", "disclose", False, "nothing")
    ),
    "Licensor hereby grants to Licensee the right to use the Marks.": (
        ("right", "party", "party", "use", False, "nothing")
    ),
    "Either party may terminate this Agreement upon thirty days' notice.": (
        ("permission", "both", None, "terminate", True, "termination")
    ),
    "Schoolpop will, at its own cost, notify the Company.": (
        ("obligation", "party", "party", "notify", False, "nothing")
    ),
    "Distributor shall not be required to maintain stock.": (
        ("permission", "party", None, "maintain", False, "nothing")
    ),
    "The fees shall be paid by Customer.": (
        ("obligation", "party", None, "paid", False, "nothing")
    ),
}

LAW = {
    "No person shall be deprived of his liberty except by order of a court.": (
        ("prohibition", None, "people", "deprived", True, "nothing")
    ),
    "The President may dissolve the Assembly.": (
        ("permission", "state", "state", "dissolve", False, "termination")
    ),
    "Every citizen has the right to vote.": ("right", "people", None, "vote", False, "nothing"),
    "Whoever is absent shall be punished by law.": (
        ("penalty", "people", "state", "punished", False, "penalty")
    ),
    "The State guarantees the freedom of the press.": (
        ("obligation", "state", "people", "guarantees", False, "nothing")
    ),
    "The dwelling is inviolable.": ("right", None, None, None, False, "nothing"),
}


@pytest.mark.parametrize("text", CONTRACT)
def test_a_clause_of_a_contract_is_read(text: str) -> None:
    clause = one(text, law=False, parties=("schoolpop",))
    assert tuple(clause[field] for field in FIELDS) == CONTRACT[text]


@pytest.mark.parametrize("text", LAW)
def test_a_clause_of_a_law_is_read(text: str) -> None:
    clause = one(text, law=True)
    assert tuple(clause[field] for field in FIELDS) == LAW[text]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("This Agreement shall be governed by the laws of Delaware.", "says what holds"),
        ("Term means the period of this Agreement.", "no word that binds"),
        ("Delivery is due on May 15 in New York.", "no word that binds"),
    ],
)
def test_a_clause_that_binds_nobody_is_skipped_with_its_reason(text: str, reason: str) -> None:
    clause = one(text, law=False)
    assert clause["reason"].startswith(reason)
    assert [clause[field] for field in FIELDS] == [None] * len(FIELDS)


def test_an_item_is_read_with_the_opening_of_its_list() -> None:
    opening, first, second = coded(
        "The Council shall:\n(a) elect a chair;\n(b) meet yearly.", law=True
    )
    assert opening["reason"] == "opens a list; its items carry it"
    assert [(item["bearer"], item["action"]) for item in (first, second)] == [
        ("state", "elect"),
        ("state", "meet"),
    ]


def test_an_operator_in_a_condition_or_a_relative_clause_is_not_the_main_one() -> None:
    clause = one("If a judge may not sit, the citizen who must appear shall wait.", law=True)
    assert (clause["modality"], clause["bearer"], clause["action"]) == (
        *("obligation", "people"),
        "wait",
    )


def test_a_pronoun_stands_for_the_bearer_before() -> None:
    _, second = coded("The President shall preside. He may speak.", law=True)
    assert (second["modality"], second["bearer"]) == ("permission", "state")


def test_wrapped_lines_and_page_numbers_do_not_cut_a_clause() -> None:
    text = "The Distributor shall, in the\n\n   - 3 -\n\nterritory, sell. It may rest."
    assert [clause.text for clause in segment(text, wrapped=True)] == [
        "The Distributor shall, in the territory, sell.",
        "It may rest.",
    ]


def test_abbreviations_and_section_numbers_end_no_sentence() -> None:
    text = "1.2 Acme Inc. The vendor under Sec. 4 pays. 15. Compliance follows."
    assert [clause.text for clause in segment(text, wrapped=False)] == [
        "1.2 Acme Inc. The vendor under Sec. 4 pays.",
        "15. Compliance follows.",
    ]


def test_clauses_become_episodes_of_the_side_they_serve() -> None:
    table = pl.DataFrame(
        coded(
            "The State shall protect citizens. Citizens may assemble. Nobody pays. "
            "Whoever is absent shall be punished by law.",
            law=True,
        ),
        schema=CLAUSES,
    )
    episodes, left_out = clause_episodes(table)
    assert episodes.select("wording", "role", "lever").rows() == [
        ("obligation", "people", None),
        ("permission", "people", None),
        ("penalty", "state", "force"),
    ]
    assert episodes["outcome"].null_count() == episodes["answer"].null_count() == 3
    assert left_out.rows() == [("f", "line 1, clause 3", table["reason"][2])]


def test_words_are_counted_in_lower_case_and_by_beginning() -> None:
    counts = count_words(["Shall SHALL\nnot; rights Right penalties"])
    assert counts == {
        **{"words": 6, "shall": 2, "must": 0, "may": 0, "rights": 2, "terminat": 0},
        **{"penal": 1, "shall not": 1},
    }


def test_agreement_by_hand() -> None:
    # reader: obligation, obligation, none, right; coder: obligation, none, obligation, right
    reader = ["obligation", "obligation", None, "right"]
    coder = ["obligation", None, "obligation", "right"]
    same: dict[str, list] = {
        **{name: [None] * 4 for name in ("bearer", "counterpart", "action", "consequence")},
        "conditional": ["false"] * 4,
    }
    ids, texts = list("abcd"), list("wxyz")
    readings = pl.DataFrame(
        {"id": ids, "sha256": [fingerprint(t) for t in texts], "modality": reader, **same},
        schema_overrides=dict.fromkeys(same, pl.String),
    )
    clauses = pl.DataFrame(
        {"id": ids, "text": texts, "modality": coder, **same},
        schema_overrides=dict.fromkeys(same, pl.String),
    )
    found = {(a.field, a.code): a for a in compare(clauses, readings)}
    whole = found["modality", None]
    # both name 3 codes, 2 of them alike
    assert (whole.found, whole.said, whole.there) == (2, 3, 3)
    assert (found["coded", None].found, found["coded", None].said) == (2, 3)
    assert (found["modality", "right"].precision, found["modality", "right"].recall) == (1, 1)
    with pytest.raises(ValueError, match=r"other text \['d'\]"):
        compare(clauses.with_columns(text=pl.Series([*texts[:3], "!"])), readings)
