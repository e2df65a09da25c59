"""Shape checks at run time, and a hypothesis profile that suits compiled code."""

import hypothesis
from jaxtyping import install_import_hook

import tests.typechecker  # noqa: F401  (the hook looks it up by name)

# before any test imports them: annotations of these rooms are checked at every call
install_import_hook(["throffer.structure", "throffer.game"], "tests.typechecker.checked")

# the first example compiles; deadlines would time the compiler
hypothesis.settings.register_profile("throffer", deadline=None, max_examples=60, derandomize=True)
hypothesis.settings.load_profile("throffer")
