"""Shape checks, a cache of compiled code, a hypothesis profile, and which tests take a while."""

from pathlib import Path

import hypothesis
import jax
import pytest
from jaxtyping import install_import_hook

import tests.typechecker  # noqa: F401  (the hook looks it up by name)

# before any test imports them: annotations of these rooms are checked at every call
install_import_hook(
    ["throffer.structure", "throffer.game", "throffer.stats"], "tests.typechecker.checked"
)

# the first example compiles; deadlines would time the compiler
hypothesis.settings.register_profile("throffer", deadline=None, max_examples=60, derandomize=True)
hypothesis.settings.load_profile("throffer")

# half of the time of a first run is compilation; the second run reads it back
jax.config.update("jax_compilation_cache_dir", str(Path(".pytest_cache/compiled").resolve()))
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.5)

MEDIUM = Path(__file__).with_name("medium.txt")
"""Tests, and whole files, that take seconds of processor time; `make quick` leaves them out.

A file is listed whole where its tests share what takes long: whichever runs first pays for it.
"""

pytest_plugins = ["tests.raw_record"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that `medium.txt` lists."""
    listed = set(MEDIUM.read_text("utf-8").split())
    for item in items:
        name = item.nodeid.partition("[")[0]
        if name in listed or name.partition("::")[0] in listed:
            item.add_marker(pytest.mark.medium)


@pytest.fixture(scope="session")
def folder() -> Path:
    """The raw files of the human record; a test that needs them is skipped where they are not."""
    # loaded here, so that the hook above comes first
    from throffer.record import record_folder
    from throffer.structure import SetupError

    try:
        return record_folder()
    except SetupError as error:
        pytest.skip(f"raw files of the human record are not at hand: {error}")
