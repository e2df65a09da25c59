"""Operators, conditions and consequences of clauses, as regular expressions.

They are written for polars, which has no look-around. Matching ignores case.
"""

from __future__ import annotations

PROHIBITS = (
    r"(?:shall|must|may|will|can|should)(?: also| thereby| therefore)? "
    r"(?:not|never|in no (?:event|case|way|manner)|under no circumstances?|at no time|no longer)|"
    r"cannot|"
    r"(?:shall |must |will )?refrains? from|"
    r"(?:shall |will |must )?(?:is|are|be) (?:strictly |expressly |hereby |also )?"
    r"(?:prohibited|forbidden|banned|barred)|"
    r"(?:agree|undertake|covenant)s? (?:not|never) to|"
    r"(?:is|are|shall be) not (?:permitted|allowed|authori[sz]ed|entitled|empowered) to|"
    r"(?:shall |will )?(?:has|have) no (?:right|power|authority)"
)
"""Words that forbid."""

EXEMPTS = (
    r"(?:shall|will|may|must|can)(?:not| not) be (?:\w+ )?"
    r"(?:required|obliged|obligated|liable|responsible|bound)|"
    r"(?:shall|will) be under no (?:obligation|duty)|"
    r"need not|"
    r"(?:is|are) not (?:required|obliged|obligated|liable|responsible)|"
    r"(?:shall |will )?(?:has|have) no (?:further |other )?"
    r"(?:obligation|duty|liability|responsibility)"
)
"""Words that free from a duty, which count as a permission."""

ENTITLES = (
    r"(?:shall |will |also |hereby |shall also |shall not )?"
    r"(?:has|have|enjoys?|retains?|reserves?|holds)"
    r"(?: also)? (?:the |a |an |his |her |their |its )?(?:[\w-]+,? ){0,4}?"
    r"(?:rights?|powers?|authority|option|freedom|liberty|privileges?|competence|jurisdiction|"
    r"discretion)|"
    r"(?:shall |will )?(?:is|are|be) (?:hereby |also |fully |equally )?"
    r"(?:entitled|empowered|authori[sz]ed|competent)|"
    r"(?:shall |will )?(?:hereby )?grants?"
)
"""Words that give a right or a power."""

GUARANTEES = r"(?:shall |will )?(?:is|are|be) (?:[a-z]+ )?(?:guaranteed|inviolable|inalienable)"
"""Words by which a constitution gives a right without saying who has it."""

BINDS = (
    r"shall|must|ought to|"
    r"(?:hereby )?(?:agree|undertake|covenant|promise)s?,? to|"
    r"(?:is|are|be) (?:\w+ )?(?:required|obliged|obligated|bound|responsible|committed) (?:to|for)|"
    r"(?:has|have) (?:the|a|an) (?:\w+ )?(?:duty|obligation|responsibility|task)|"
    r"(?:it )?is the (?:[a-z]+ )?duty of|"
    r"(?:is|are) to be"
)
"""Words that oblige."""

BINDS_PARTIES = r"will"
"""Word that obliges in contracts only; in constitutions it is the future tense."""

ALLOWS = r"(?-i:may)|(?:is|are|be) (?:permitted|allowed) to"
"""Words that permit."""

CAN = r"can"
"""Word that permits in constitutions only, where translators use it for "may"."""

PUNISHED = (
    r"(?:is|are|be) (?:[a-z]+ )?(?:punished|punishable|penali[sz]ed)|"
    r"constitutes? (?:a |an )?(?:[a-z]+ )?(?:crime|offen[cs]e|felony|treason)"
)
"""Words that threaten punishment and need no other operator."""

PENAL = (
    r"^(?:\w+ ){0,2}?(?:be (?:\w+ )?(?:punish|penali[sz]ed|fined|imprisoned|sanctioned|"
    r"guilty|liable on conviction|liable to (?:a |an |the )?(?:\w+ )?(?:penalt|punish|fine|prison|"
    r"imprison|prosecution))|"
    r"be subject to (?:a |an |the )?(?:[a-z]+ )?(?:penalt|punish|fine|late|interest|sanction|"
    r"prosecution|disciplinary)|"
    r"(?:forfeit|pay (?:a |an |the |us )?(?:late|interest|penalt|fine|liquidated)|"
    r"bear interest|accrue interest|incur (?:a |the )?(?:penal|criminal|penalt|interest|late)|"
    r"entail [^.]{0,40}(?:liability|responsibility)|commit an offen))"
)
"""Predicates that impose a sanction on someone."""

ON_PAIN = r"\b(?:on|under) (?:the )?(?:pain|penalty|penalties|threat of punishment)\b"
"""Words that attach a sanction to a duty or prohibition."""

SANCTION = (
    r"\b(?:(?:is|are|be|crimes?|offen[cs]es?) punishable|(?:shall|will|must|is|are) be punished|"
    r"liquidated damages|late (?:fee|charge)s?|criminal sanctions|"
    r"charge (?:\w+ ){0,3}interest)\b"
)
"""Phrases that state a sanction in a clause with another operator. Not used for prohibitions."""

ENDS = (
    r"\b(?:terminate|cancel|rescind|dissolve|dissolved|dismiss|dismissed|revoke|revoked|"
    r"vacate|impeach|impeached|depose|deposed|expelled)\b|"
    r"\bremoved? (?:[\w']+ ){0,6}?from (?:his |her |their |the )*(?:office|post|position)|"
    r"be terminated|terminate automatically|cease to (?:be|hold|have)"
)
"""Predicates by which an agreement or an office ends."""

CONDITION = (
    r"\b(?:if|unless|when|whenever|provided,? (?:however,? |further,? |always,? )?that|"
    r"in the event|in case|in cases|upon|subject to|except|so long as|as long as|until|"
    r"on condition|on the condition|only after|without prejudice|to the extent|should the|"
    r"where|in the absence of|failing)\b"
)
"""Words that begin a condition or an exception."""

LEAD = (
    r"^(?:(?:then,? |and |but |however, |also,? |provided,? (?:however,? |further,? |always,? )?"
    r"that |that )*"
    r"(?:if|when|whenever|where|wherever|unless|in|subject|upon|except|notwithstanding|as|so long|"
    r"during|after|before|until|while|at|on|for|by|with|without|from|to|under|within|pursuant|"
    r"following|prior|should|since|although|immediately|once|through|throughout|"
    r"according|based|regarding|among|between|over|except|unlike|instead|outside|save|"
    r"provided|apart|due|whether|because|beginning|commencing|promptly|not later|no later|"
    r"furthermore|moreover|additionally|nevertheless|accordingly|however|therefore|thereafter|"
    r"otherwise|thus|consequently|finally|similarly|likewise|likewise|further|generally)"
    r"\b[^,]*, *){1,3}"
)
"""An introductory phrase before the main clause, up to its comma."""

RELATIVE = (
    r"\b(who|which|that|as|whom|whose)((?: [a-z'\u2019-]+){0,2}? )(shall|must|may|will|can)\b"
)
"""Operators inside relative clauses, which are not the operator of the main clause."""

DECLARES = (
    r"^(?:(?:not|also|only|thereupon|further|in all respects|[a-z]+ly),? )*"
    r"(?:mean|include|apply|extend to|survive|consist|comprise|constitute|remain|"
    r"come into|enter into force|take effect|go into|become|commence|begin|start|expire|"
    r"continue|last|end|terminate (?:on|upon|at)|inure|prevail|govern|control|supersede|bind|"
    r"affect|prejudice|limit|impair|create|refer|accrue|arise|result|operate|cover|differ|"
    r"have (?:the (?:meaning|force|effect|same|following)|an? (?:term|initial)|effect|force|"
    r"legal|no (?:force|effect))|"
    r"be (?:\w+ly )?(?:binding|deemed|construed|interpreted|governed|effective|valid|invalid|null|"
    r"void|composed|comprised|known|called|considered|regarded|understood|based|equal|"
    r"calculated|incorporated|necessary|sufficient|limited|cumulative|severable|enforceable|"
    r"invalidated|an?|the|one|two|three|four|five|six|seven|in|as|of|at|for|\d+|so|more|less|"
    r"available|public|secret|free|independent|open|final|due|his|its|their|no|taken as|"
    r"read as|treated as|subject to))\b"
)
"""Predicates that state what is the case, not what anyone must do."""

INSTRUMENT = (
    r"^(?:(?:the|this|that|any|all|each|such|these|those|no|other|foregoing|said|every) )*"
    r"(?:[\w-]+ )?(?:agreements?|contract|sections?|articles?|provisions?|terms?|clauses?|"
    r"exhibits?|schedules?|amendments?|waivers?|failures?|delay|headings?|captions?|definitions?|"
    r"validity|appendix|annex|constitution|chapter|nothing|references?|words?|expiration|"
    r"termination|effective date|remed(?:y|ies)|obligations?|rights?|parenthes[ei]s|invalidity)\b"
)
"""Subjects that are texts or terms, which cannot act."""

PASSIVE = (
    r"^(?:(?:not|also|only|thereupon|thereby|then|in no event|[a-z]+ly),? )*be "
    r"(?:[a-z]+ly )?(?:\w+ed|paid|made|given|held|taken|sent|kept|brought|chosen|sworn|done|set|"
    r"met|read|heard|drawn|put|sold|bought|left|lost|borne|shown|found|built|written|begun|"
    r"laid|cast|won|led|built|spent|split|cut|withdrawn|undertaken|known|seen|run|let|sought|"
    r"forgotten|broken|overridden|fought|struck|shut|hung|thrown|driven)\b"
)
"""Predicates in the passive voice; the actor, if named, follows "by"."""

NOBODY = (
    r"^(?:and |but )?(?:nobody|no one|no-one|none|neither|no (?:[\w-]+ ){0,3}?[\w-]+|nor|under no|"
    r"in no (?:event|case))\b"
)
"""Negative subjects, which turn a permission or a duty into a prohibition."""

PRONOUN = r"^(?:he|she|it|they|he or she|he/she|she or he|s/he|the latter|the former)\b"

SERVES = (
    r"guarantees|ensures|assures|protects|promotes|respects|recogni[sz]es|provides|fosters|"
    r"encourages|supports|safeguards|defends|secures|assists|facilitates|stimulates|develops|"
    r"maintains|preserves|combats|undertakes|favou?rs|organi[sz]es|takes"
)
"""Verbs by which constitutions state duties in the present tense, as in "the State guarantees"."""

RULES = (
    r"appoints|nominates|dismisses|promulgates|convenes|convokes|dissolves|issues|approves|adopts|"
    r"elects|decides|exercises|determines|regulates|establishes|ratifies|commands|presides|grants|"
    r"decrees|declares|concludes|signs|directs|supervises|controls|prepares|examines|submits|"
    r"proposes|summons|negotiates|accredits|authori[sz]es|votes|fixes|defines"
)
"""Verbs by which constitutions give powers in the present tense: "the President appoints"."""

STATES = (
    r"\b(?:agrees?|acknowledges?|understands?|understood|agreed|provided|confirms?|provides?|"
    r"stipulates?),? that,? "
)
"""Words that introduce what is agreed or laid down, as in "it is agreed that"."""

WARRANTS = r"\b(?:represents?|warrants?)\b"
"""Words of a warranty, which states a fact even if it mentions powers."""

ABLE = (
    r"^(?:(?:not|also|only|thereupon|solely|jointly|[a-z]+ly),? )*be (?:[a-z]+ly )?"
    r"(?:responsible|liable|guilty|entitled|eligible|obliged|obligated|required|allowed|permitted|"
    r"present|accountable|answerable|qualified)\b"
)
"""Predicates with "be" that bind or qualify someone; other adjectives state what is the case."""

BE = r"^(?:(?:not|also|only|thereupon|thereby|then|[a-z]+ly),? )*be\b"

NO_ACTOR = (
    r"(?i)^(?:law|laws|statutes?|organic laws?|acts?|decrees?|constitution|legislation|"
    r"regulations?|all|none|each|either|neither|both|nation|country|i|we)$"
)
"""Words that mean an actor only if they are the subject."""

PASSING = (
    r"not|also|only|then|thereupon|thereby|at all times|always|never|have|be|been|to|by law|"
    r"by statute|in good faith|from time to time|in writing|upon request|in every instance|"
    r"at (?:its|their) (?:own|sole) \w+|in turn|either|both|together|in addition|and|or|further"
)
"""Words that may stand between an operator and the verb of the action."""
