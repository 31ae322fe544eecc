import pytest

from nlu.places import Place
from nlu.times import find_times
from nlu.understand import _says_more, _without_first


@pytest.mark.parametrize(
    ("said", "place", "more"),
    [
        ("桂花苑3号楼202", (0, 9), False),
        ("就在桂花苑3号楼那里", (2, 7), False),
        ("叶城路跟沪宜公路那个红绿灯不亮了", (0, 8), True),
        ("叶城路，，，！！！……？？？", (0, 3), False),
        ("", (0, 0), False),
    ],
)
def test_a_bare_answer_is_a_place_and_little_else(said, place, more):
    start, end = place
    assert _says_more(said, [Place(start, end, "road", None)]) is more


def test_a_place_and_a_time_with_a_few_words_are_a_report(monday):
    said = "清河路那盏灯昨晚就不亮了"
    facts = [Place(0, 6, "road", None), *find_times(said, monday)]
    assert _says_more(said, facts)
    assert not _says_more("昨晚在清河路", [Place(3, 6, "road", None), *find_times("昨晚在清河路", monday)])


def test_the_first_reading_taken_out_leaves_the_others_their_share():
    ranking = [("inform", 0.8), ("report_issue", 0.15), ("deny", 0.05)]
    assert _without_first(ranking) == [("report_issue", 0.75), ("deny", 0.25)]
    assert _without_first([("inform", 1.0), ("deny", 0.0)]) == [("deny", 0.0)]
