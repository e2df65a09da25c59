"""Text acts: what a message does (threatens, offers, pleads ...) in three sources of talk.

Messages are read from the raw files and never stored: only their ids, the codes that coders gave
them and derived rates ship. docs/record/acts.md says how they were coded and how well.
"""
