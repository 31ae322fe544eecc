"""What staff should look at first: where the model was unsure, the words new to it, or haste is needed."""

from collections.abc import Sequence

from community.core.cases import Guess, Urgency

_LEAST = 0.4  # below it a look is not worth a person's time
_NOVELTY = 0.25
_HASTE = {Urgency.EMERGENCY: 1.0, Urgency.URGENT: 0.5, Urgency.ROUTINE: 0.0}


def review_priority(
    urgency: Urgency, confidence: float | None, alternatives: Sequence[Guess], novelty: float | None
) -> float | None:
    """Up to 3; None when no model said anything or it is surely right.

    What labelling in this order is worth stands in docs/nlu.md.
    """
    if confidence is None:
        return None
    second = max((guess.confidence for guess in alternatives[1:]), default=0.0)
    priority = 1 - max(confidence - second, 0.0) + _NOVELTY * (novelty or 0.0) + _HASTE[urgency]
    return round(priority, 4) if priority >= _LEAST else None
