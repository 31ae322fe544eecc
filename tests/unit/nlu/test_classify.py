import numpy as np

from nlu.classify import Head, ranked
from nlu.fit import usual
from nlu.rows import Row


def test_an_honest_chance_keeps_the_order_and_the_sum():
    honest = Head(("a", "b", "c"), 1.0, slope=0.5, offset=0.2).honest(np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]]))
    assert honest.argmax(axis=1).tolist() == [0, 2]
    assert np.allclose(honest.sum(axis=1), 1)


def test_without_slope_and_offset_nothing_changes():
    chances = np.array([[0.7, 0.2, 0.1]])
    assert np.allclose(Head(("a", "b", "c"), 1.0).honest(chances), chances)


def test_the_likeliest_come_first():
    assert ranked(("a", "b", "c"), np.array([[0.2, 0.5, 0.3]]), 2) == [[("b", 0.5), ("c", 0.3)]]


def test_later_rows_of_a_subject_are_not_usual():
    assert usual([Row("x", "report_issue", "fire")] * 61 + [Row("y", "greet")]).tolist() == [True] * 60 + [False, True]
