"""Map: conduct on the offer-threat plane and in asymmetry space (theory, sections 1 to 3).

Three cuts through asymmetry space show what an agent most probably does, how sure that is, and
the closed-form boundaries of the rational limit; a path joins the named limits of the family; the
plane shows where given dyads fall.
"""
