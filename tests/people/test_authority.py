"""Mixed authority by hand."""

import numpy as np
import pytest

from throffer.people import mixed_authority


@pytest.mark.parametrize(
    ("traits", "expected"),
    [
        ([0.0, 0.0, 0.0], 0.0),
        ([1.0, 1.0, 1.0], 0.0),
        ([0.0, 0.5, 1.0], 1.0),
        ([0.2, 0.2, 0.5], 0.3),
    ],
)
def test_authority_is_mixed_as_far_as_its_parts_differ(
    traits: list[float], expected: float
) -> None:
    assert mixed_authority(np.array([traits])) == pytest.approx([expected])


def test_an_unscaled_trait_is_refused() -> None:
    with pytest.raises(ValueError, match="traits: 7"):
        mixed_authority(np.array([[0.1, 7.0]]))
