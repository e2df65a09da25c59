"""The one door to a Ray cluster (extra `ray`)."""

from __future__ import annotations

from types import ModuleType

from throffer.structure._errors import SetupError

RETRIES = 5
"""How often a piece of work is started again whose worker died."""


def connect_ray() -> ModuleType:
    """Ray, connected: to the cluster it knows, or to one started on this machine.

    Raises:
        SetupError: Without the extra.
    """
    try:
        import ray
    except ImportError as error:
        raise SetupError(
            "The engine ray needs the extra `ray`.", "Run: pip install 'throffer[ray]'."
        ) from error
    if not ray.is_initialized():
        ray.init(log_to_driver=False, include_dashboard=False)
    return ray
