"""Where words of a diagram stand."""

import pytest

from throffer.report.amplification._labels import Frame, Word, around, beside, covering, stand

FRAME = Frame(x=(0.1, 10.0), y=(1.0, 100.0), wall=1.0, margin_ratio=3.0, width=200, height=100)


def test_a_place_and_its_pixels_are_each_others_inverse():
    # the middle of both logarithmic axes is the middle of the frame
    assert FRAME.pixels(1.0, 10.0) == pytest.approx((100.0, 50.0))
    place = FRAME.place(*FRAME.pixels(0.3, 70.0))
    assert (place["u"], place["load"]) == pytest.approx((0.3, 70.0))


def test_a_word_takes_the_first_place_that_covers_nothing():
    word = Word("word", 10, [(50, 50), (100, 50), (150, 50)])
    assert stand([word], covering([], []), FRAME) == [(50, 50)]
    # a mark on the first place, a line through the second
    kept = covering([[(100, 0), (100, 100)]], [((50, 50), 30)])
    assert stand([word], kept, FRAME) == [(150, 50)]


def test_a_word_rather_crosses_a_line_than_covers_a_mark():
    word = Word("word", 10, [(50, 50), (100, 50)])
    kept = covering([[(100, 0), (100, 100)]], [((50, 50), 30)])
    assert stand([word], kept, FRAME) == [(100, 50)]


def test_a_second_word_keeps_off_the_first():
    word = Word("word", 10, [(50, 50), (150, 50)])
    assert stand([word, word], covering([], []), FRAME) == [(50, 50), (150, 50)]


def test_a_word_that_no_place_in_the_frame_holds_is_left_out():
    assert stand([Word("word", 10, [(2, 50)])], covering([], []), FRAME) == [None]


def test_an_upright_word_is_as_high_as_its_text_is_long():
    lying, upright = Word("margin wall", 10, []), Word("margin wall", 10, [], upright=True)
    assert upright.box() == lying.box()[::-1]


def test_places_around_a_point_and_beside_a_line_leave_it_free():
    for x, y in around((100, 50), ("12", 10)):
        wide, high = Word("12", 10, []).box()
        assert abs(x - 100) > wide / 2 + 3 or abs(y - 50) > high / 2 + 3
    line = [(0.0, 50.0), (200.0, 50.0)]
    free = covering([line], [])
    assert stand([Word("wall", 10, beside(line, "wall", 10, False))], free, FRAME)[0][1] < 50
