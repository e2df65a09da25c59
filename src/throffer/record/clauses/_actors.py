"""Words for the actors of a contract and of a constitution, as regular expressions."""

from __future__ import annotations

from enum import StrEnum


class Actor(StrEnum):
    """Kinds of actors: the first three occur in contracts, the last two in constitutions."""

    PARTY = "party"
    BOTH = "both"
    OTHER = "other"
    STATE = "state"
    PEOPLE = "people"


BOTH = (
    r"both parties|parties(?: hereto)?|each of|each party|either party|neither party|"
    r"any party|no party|party hereto|each other|one another|each|either|neither|both"
)
"""Words for both sides of a contract, or for either of them."""

ROLES = (
    r"party|other party|company|corporation|licensee|licensor|distributor|supplier|customer|buyer|"
    r"seller|purchaser|vendor|franchisee|franchisor|consultant|contractor|subcontractor|agent|"
    r"client|service provider|provider|recipient|manufacturer|reseller|developer|sponsor|"
    r"publisher|advertiser|lessor|lessee|landlord|tenant|owner|operator|manager|employer|employee|"
    r"executive|borrower|lender|bank|trustee|transferor|transferee|assignor|assignee|"
    r"indemnifying party|indemnified party|disclosing party|receiving party|terminating party|"
    r"defaulting party|non-?defaulting party|breaching party|non-?breaching party|"
    r"shipper|carrier|promoter|promotor|producer|artist|network|affiliate|marketer|remarketer|"
    r"representative|holder|issuer|underwriters?|partner|participant|member|shareholders?|"
    r"stockholders?|investors?|guarantor|administrator|servicer|servicing agent|transfer agent|"
    r"hospital|institution|university|joint venture|we|you|i"
)
"""Words for the role of one side of a contract."""

OTHERS = (
    r"arbitrators?|arbitration tribunal|tribunal|courts?|mediator|third part(?:y|ies)|auditors?|"
    r"accountants?|accounting firm|independent [a-z]+|committee|steering committee|experts?|"
    r"end[- ]users?|users?|customers|employees|personnel|subcontractors|affiliates|distributors|"
    r"sublicensees?|agents|representatives|directors|officers|persons?|escrow agent|insurers?|"
    r"government(?:al)? (?:authority|authorities|agency|agencies|entity)|board|board of directors|"
    r"licensees|clients|vendors|suppliers|contractors|members|advertisers|franchisees"
)
"""Words for persons and bodies that a contract mentions but that are not its sides."""

STATE = (
    r"states?|republic|government|governorates?|presiden(?:t|cy)|vice[- ]presidents?|"
    r"(?:deputy )?prime minister|premier|ministers?|ministry|ministries|cabinet|parliament|"
    r"parliamentary [a-z]+|(?:national |federal |general |legislative |state |constituent |"
    r"people's |local )?assembl(?:y|ies)|(?:legislative )?congress|senate|senators?|house|houses|"
    r"(?:both|two) (?:houses|chambers)|chambers?|legislatures?|legislative|legislator|"
    r"deput(?:y|ies)|representatives|members?|speakers?|"
    r"(?:[a-z]+ )?(?:council|commission|committee|court|tribunal|authority|board|agency|"
    r"bureau|department|bank|organ)s?|"
    r"(?:[a-z]+ )?(?:councils|commissions|committees|courts|tribunals|authorities|boards|agencies|"
    r"organs|bodies|institutions|councillors|commissioners)|"
    r"judges?|justices?|chief justice|magistrates?|judiciary|registrar|"
    r"(?:public |state |general )?prosecutors?|prosecutor[- ]general|attorney[- ]general|"
    r"procurator[- ]general|solicitor[- ]general|auditor[- ]general|auditors?|comptroller|"
    r"controller|ombudsm[ae]n|public protector|defender|governors?|governor[- ]general|"
    r"lieutenant[- ]governors?|king|queen|monarch|crown|emir|amir|sultan|majesty|prince|"
    r"his majesty|her majesty|druk gyalpo|supreme leader|leader|head of (?:the )?state|"
    r"chancellor|bundestag|bundesrat|federation|federal [a-z]+|l[aä]nd(?:er)?|union|provinces?|"
    r"regions?|municipalit(?:y|ies)|communes?|cantons?|districts?|count(?:y|ies)|"
    r"local (?:government|authorit|communit)[a-z]*|public (?:officers?|officials?|service|"
    r"servants?|administration|authorit[a-z]+|bodies|power|powers)|civil servants?|officers?|"
    r"officials?|officeholders?|administration|police|armed forces|army|military|"
    r"defen[cs]e forces?|security forces|law|laws|statutes?|organic laws?|act of parliament|"
    r"acts?|decrees?|regulations?|legislation|constitution|rada|sejm|knesset|diet|"
    r"althingi|saeima|riigikogu|folketing|oireachtas|executive(?: [a-z]+)?|"
    r"secretar(?:y|ies)|mayors?|ambassadors?|returning officer|holder of|chairm[ae]n|"
    r"chairperson|chair|clerk|treasury|treasurer|nation|country|electoral [a-z]+"
)
"""Words for those who hold public power. Words for laws are included: they mean the legislator."""

PEOPLE = (
    r"persons?|people|peoples|citizens?|citizenry|nationals|everyone|everybody|every one|anyone|"
    r"anybody|nobody|no one|no-one|none|whoever|all|individuals?|human beings?|children|child|"
    r"parents?|mothers?|fathers?|guardians|m[ae]n|wom[ae]n|famil(?:y|ies)|spouses?|workers?|"
    r"employees?|employers?|labou?rers?|farmers?|peasants?|owners?|foreigners?|aliens?|"
    r"stateless persons|refugees?|accused|defendants?|suspects?|detainees?|prisoners?|arrested|"
    r"voters?|electors?|candidates?|inhabitants|residents?|minorit(?:y|ies)|indigenous [a-z]+|"
    r"communities|community|ethnic [a-z]+|nationalities|students?|pupils?|teachers?|youth|"
    r"young [a-z]+|elderly|older [a-z]+|aged|disabled|consumers?|taxpayers?|victims?|"
    r"associations?|organi[sz]ations?|political part(?:y|ies)|part(?:y|ies)|trade unions?|"
    r"syndicates?|unions|church(?:es)?|religious [a-z]+|denominations?|confessions|"
    r"private [a-z]+|compan(?:y|ies)|enterprises?|entrepreneurs?|press|media|journalists?|"
    r"society|societies|those who|offenders?|perpetrators?|belgians|germans|dutch|italians|"
    r"[a-z]+ians who"
)
"""Words for those who are subject to public power: persons, groups and private bodies."""
