"""Shape checks at run time, a cache of compiled code, and a hypothesis profile that suits it."""

from pathlib import Path

import hypothesis
import jax
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
