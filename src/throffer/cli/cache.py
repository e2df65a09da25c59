"""The cache on disk: compiled programs and the chart script of the pages.

Without it every process spends ten to twenty seconds of processor time on compiling the choice
model, and the machine code is the same every time.
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
"""Environment variable that names another folder for the cache, or turns it off (`off`)."""

LARGEST = 300_000_000
"""Most bytes of compiled programs; beyond it the least recently used are deleted."""


def use_cache(context: typer.Context) -> None:
    """Use the user's cache until the command of this context ends."""
    folder = cache_folder()
    if folder is not None:
        context.with_resource(_open(folder))


def cache_folder() -> Path | None:
    """The folder of the cache: `THROFFER_CACHE`, else the user's cache folder; None if it is off.

    Machine code runs on one kind of processor only, so each kind has its own folder.
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
            if not line:  # the other processors are of the same kind
                break
    return hashlib.sha256("\n".join(described).encode()).hexdigest()[:16]


@contextlib.contextmanager
def _open(folder: Path) -> Iterator[None]:
    """Put JAX's cache and the package's own in a folder; restore JAX's settings afterwards."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # the command works without a cache
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
    # JAX reads these settings only at its first compilation, so the cache has to be reset
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
