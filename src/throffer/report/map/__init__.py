"""Map: conduct on the offer-threat plane and in asymmetry space (theory, sections 1 to 3).

Three cuts through asymmetry space show what an agent most probably does, how sure that is, and
the closed-form boundaries of the rational limit; a path joins the named limits of the family; the
plane shows where given dyads fall.
"""

from throffer.report.map._dyads import NamedDyads, at_coordinates, limits, read_dyads
from throffer.report.map._fields import Map, compute_map
from throffer.report.map._settings import MapSettings, pairs
from throffer.report.map._writing import draw_map, map_paths

__all__ = [
    "Map",
    "MapSettings",
    "NamedDyads",
    "at_coordinates",
    "compute_map",
    "draw_map",
    "limits",
    "map_paths",
    "pairs",
    "read_dyads",
]
