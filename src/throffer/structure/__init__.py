"""Structure: the dyad, its conducts and outcomes, the offer-threat plane, the Episode table.

All other rooms build on these types. They follow theory, sections 1 and 3.
"""

from throffer.structure._checks import checked
from throffer.structure._cluster import RETRIES, connect_ray
from throffer.structure._conduct import (
    RECOGNISED_RANK,
    SHARE_EDGES,
    TOLERANCE,
    UNSANCTIONED,
    Conduct,
    Lever,
    Outcome,
    locate,
    locate_codes,
)
from throffer.structure._dyad import FIELDS, Asymmetry, Dyad, Range
from throffer.structure._episode import (
    RECORD_TYPES,
    SCHEMA,
    Episodes,
    check_episodes,
    episodes,
    read_episodes,
    write_episodes,
)
from throffer.structure._errors import SetupError
from throffer.structure._files import make_folder, write_together, write_whole
from throffer.structure._identity import FrameFacts, Identity, identify, library_versions
from throffer.structure._kept import keeping, kept
from throffer.structure._ownership import (
    check_folder,
    claim_file,
    claim_folder,
    is_own_file,
    own_folder,
)
from throffer.structure._part import Part
from throffer.structure._pytree import register_pytree
from throffer.structure._record import Record
from throffer.structure._yaml import read_yaml

__all__ = [
    "FIELDS",
    "RECOGNISED_RANK",
    "RECORD_TYPES",
    "RETRIES",
    "SCHEMA",
    "SHARE_EDGES",
    "TOLERANCE",
    "UNSANCTIONED",
    "Asymmetry",
    "Conduct",
    "Dyad",
    "Episodes",
    "FrameFacts",
    "Identity",
    "Lever",
    "Outcome",
    "Part",
    "Range",
    "Record",
    "SetupError",
    "check_episodes",
    "check_folder",
    "checked",
    "claim_file",
    "claim_folder",
    "connect_ray",
    "episodes",
    "identify",
    "is_own_file",
    "keeping",
    "kept",
    "library_versions",
    "locate",
    "locate_codes",
    "make_folder",
    "own_folder",
    "read_episodes",
    "read_yaml",
    "register_pytree",
    "write_episodes",
    "write_together",
    "write_whole",
]
