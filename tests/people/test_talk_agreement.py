"""Alpha over whole dialogues."""

import numpy as np

from throffer.people.talk._agreement import alpha_over_dialogues
from throffer.stats import Interval


def test_alpha_over_dialogues_by_hand() -> None:
    # Krippendorff 2011, example A: Meg and Owen, ten articles; alpha = 1 - 4/10 / (2 14 6/(20 19))
    meg = [0.0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    owen = [1.0, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    found = alpha_over_dialogues(np.array([meg, owen])[:, :, None], np.arange(10) // 2)
    assert found.estimate is not None
    assert f"{found.estimate:.3f}" == "0.095"
    low, high = found.ends
    assert low < 0.095 < high


def test_no_coded_message_has_no_alpha() -> None:
    none = alpha_over_dialogues(np.empty((2, 0, 1)), np.empty(0))
    assert none == Interval.unknown("no message was coded")
