"""How annotations are checked while tests run: an int passes for a float, as in the type system."""

from beartype import BeartypeConf, beartype

checked = beartype(conf=BeartypeConf(is_pep484_tower=True))
