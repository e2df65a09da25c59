"""Connecting to a Ray cluster (extra `ray`)."""

from __future__ import annotations

from types import ModuleType

from throffer.structure._errors import SetupError

RETRIES = 5
"""How often a task is restarted if its worker process dies."""


def connect_ray() -> ModuleType:
    """Import Ray and connect to its configured cluster, or start one on this machine.

    Raises:
        SetupError: If the extra `ray` is not installed.
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
