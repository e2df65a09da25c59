"""Shape checks at run time, and a hypothesis profile that suits compiled code."""

import hypothesis
from jaxtyping import install_import_hook

# before any test imports them: annotations of these rooms are checked at every call
install_import_hook(["throffer.structure", "throffer.game"], "beartype.beartype")

# the first example compiles; deadlines would time the compiler
hypothesis.settings.register_profile("throffer", deadline=None, max_examples=60, derandomize=True)
hypothesis.settings.load_profile("throffer")
