"""What a command keeps from one run to the next: compiled programs and the script of the pages.

A fresh process compiles the choice model for ten to twenty seconds of processor time, and comes to
the same machine code every time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
from collections.abc import Iterator
from pathlib import Path

import typer

VARIABLE = "THROFFER_CACHE"
"""Environment variable: another folder for the cache, or `off`."""

LARGEST = 300_000_000
"""Bytes of compiled programs; beyond them, those unused for longest go."""


def use_cache(context: typer.Context) -> None:
    """Keep what is slow to make in the user's cache until the command of this context ends."""
    folder = cache_folder()
    if folder is not None:
        context.with_resource(_open(folder))


def cache_folder() -> Path | None:
    """Where the cache lies: `THROFFER_CACHE`, else the user's cache folder; None where it is off.

    Machine code is good for one kind of processor, so each has a folder of its own.
    """
    named = os.environ.get(VARIABLE, "").strip()
    if named.lower() in ("off", "0", "none"):
        return None
    if named:
        return Path(named).expanduser() / _machine()
    from platformdirs import user_cache_path

    return user_cache_path("throffer", appauthor=False) / _machine()


def _machine() -> str:
    """A short name for the kind of processor."""
    described = [platform.system(), platform.machine(), platform.processor()]
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith(("flags", "Features", "model name")):
                described.append(line)
            if not line:  # the others are of the same kind
                break
    return hashlib.sha256("\n".join(described).encode()).hexdigest()[:16]


@contextlib.contextmanager
def _open(folder: Path) -> Iterator[None]:
    """JAX's persistent cache and the package's own in a folder; JAX is left as it was found."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # a cache is a convenience
        yield
        return
    import jax
    from jax.experimental.compilation_cache import compilation_cache

    from throffer.structure import keeping

    wanted = {
        "jax_compilation_cache_dir": str(folder / "compiled"),
        "jax_persistent_cache_min_compile_time_secs": 0.0,
        "jax_persistent_cache_min_entry_size_bytes": -1,
        "jax_compilation_cache_max_size": LARGEST,
    }
    before = {name: getattr(jax.config, name) for name in wanted}
    _configure(wanted)
    # JAX settles at its first compilation whether it has a cache, and where
    compilation_cache.reset_cache()
    try:
        with keeping(folder):
            yield
    finally:
        _configure(before)
        compilation_cache.reset_cache()


def _configure(values: dict[str, object]) -> None:
    import jax

    for name, value in values.items():
        jax.config.update(name, value)
