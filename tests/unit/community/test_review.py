import pytest

from community.core.cases import Guess, Urgency
from community.core.review import review_priority


def priority(confidence=0.6, second=0.3, novelty=0.0, urgency=Urgency.ROUTINE):
    guesses = (Guess("noise", confidence), Guess("pets", second))
    return review_priority(urgency, confidence, guesses, novelty)


def test_nothing_was_guessed_nothing_to_review():
    assert review_priority(Urgency.EMERGENCY, None, (), None) is None


def test_what_is_surely_right_takes_nobodys_time():
    assert priority(confidence=0.97, second=0.01) is None


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ({"confidence": 0.4, "second": 0.35}, {"confidence": 0.6, "second": 0.1}),
        ({"novelty": 0.9}, {"novelty": 0.1}),
        ({"urgency": Urgency.EMERGENCY}, {"urgency": Urgency.URGENT}),
        ({"urgency": Urgency.URGENT}, {"urgency": Urgency.ROUTINE}),
    ],
)
def test_doubt_new_words_and_haste_come_first(first, later):
    assert priority(**first) > priority(**later)


def test_an_emergency_is_looked_at_however_sure_the_model_is():
    assert priority(confidence=0.99, second=0.0, urgency=Urgency.EMERGENCY) is not None
