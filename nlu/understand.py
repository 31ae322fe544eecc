"""One text understood whole: the one function that Rasa and the command line both use."""

from datetime import datetime
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np

from nlu import store
from nlu.classify import ranked
from nlu.contacts import find_contacts
from nlu.emergency import CONCEIVABLE, Emergencies, is_emergency
from nlu.files import MODEL
from nlu.issues import find_issues
from nlu.learn import Learned
from nlu.locate import Locator
from nlu.places import Entry, Place, Places, read_gazetteer, read_grammar
from nlu.polls import Poll, find_poll
from nlu.rows import service_groups
from nlu.segment import Segmenter, vocabulary
from nlu.text import CleanText, clean
from nlu.times import Time, find_times

Parsed = Dict[str, Any]
Ranking = List[Tuple[str, float]]

UNSURE = 0.3  # below it the intent is nlu_fallback: docs/nlu.md
FALLBACK = "nlu_fallback"
_KEPT = {"service_code": 3, "intent": 5, "appeal_type": 6, "urgency": 3}  # guesses
# What these say is about a service; the others have no subject of their own.
ABOUT_SERVICE = {
    "report_issue", "make_suggestion", "make_wish", "ask_service_info", "ask_case_progress",
    "reopen_case", "support_case",
    "withdraw_case", "correct_report", "join_deliberation", "rate_service", FALLBACK,
}  # fmt: skip
RAISES_ISSUE = {"report_issue", "make_suggestion", "make_wish", "ask_service_info", FALLBACK}
_APPEALS = {
    "make_suggestion": ("suggestion",),
    "ask_service_info": ("enquiry",),
    "make_wish": ("request",),
    "report_issue": ("complaint", "request", "report", "praise"),
}

# Characters beside places and times; who gives both a place and a time has more to tell than where.
_TELLING, _TELLING_OF_BOTH = 7, 4


def _says_more(text: str, facts: Sequence[Union[Place, Time]]) -> bool:
    """A bare answer is a place or a time and little else; with more around them, something is being told."""
    bare = set().union(*(range(fact.start, fact.end) for fact in facts))
    more = sum(character.isalnum() and at not in bare for at, character in enumerate(text))
    return more >= (_TELLING_OF_BOTH if len({type(fact) for fact in facts}) > 1 else _TELLING)


def _without_first(ranking: Ranking) -> Ranking:
    """The others, their chances as they are once the first is out."""
    left = 1 - ranking[0][1] or 1.0
    return [(name, round(min(chance / left, 1.0), 4)) for name, chance in ranking[1:]]


def make_segmenter(gazetteer: Sequence[Entry]) -> Segmenter:
    return Segmenter([*vocabulary(), *(name for entry in gazetteer for name in (entry.name, *entry.aliases))])


class Understanding:
    """Dictionaries are read here; the rest is learned."""

    def __init__(self, learned: Learned) -> None:
        gazetteer = read_gazetteer()
        self.segmenter = make_segmenter(gazetteer)
        self.classifier = learned.classifier
        self._locator = Locator(Places(gazetteer, read_grammar()), self.segmenter, learned.tagger)
        self._emergencies = Emergencies.read()
        self._groups = service_groups()

    @classmethod
    def load(cls, folder: Path = MODEL) -> "Understanding":
        return cls(store.load(folder))

    def parse(self, text: str, now: datetime) -> Parsed:
        return self.parse_many([text], [now])[0]

    def parse_many(self, texts: Sequence[str], nows: Sequence[datetime]) -> List[Parsed]:
        cleaned = [clean(text) for text in texts]
        parsed = self._facts(cleaned, nows)
        for one, novelty in zip(parsed, self.classifier.features.novelty([text.text for text in cleaned])):
            one["novelty"] = novelty
        self._tell_issues([(text, one) for text, one in zip(cleaned, parsed) if one["intent"] in RAISES_ISSUE])
        return parsed

    def facts_many(self, texts: Sequence[str], nows: Sequence[datetime]) -> List[Parsed]:
        """As `parse_many`, for less: without novelty, and a message is not searched for several issues."""
        return self._facts([clean(text) for text in texts], nows)

    def _facts(self, cleaned: Sequence[CleanText], nows: Sequence[datetime]) -> List[Parsed]:
        words = [self.segmenter.words(text.text) for text in cleaned]
        chances = self.classifier.probabilities([text.text for text in cleaned], words)
        rankings = {
            head: ranked(self.classifier.heads[head].labels, rows, _KEPT[head]) for head, rows in chances.items()
        }
        times = [find_times(text.text, now) for text, now in zip(cleaned, nows)]
        places = self._locator.find([text.text for text in cleaned], words, times)
        return [
            self._parsed(text, {head: ranking[at] for head, ranking in rankings.items()}, times[at], places[at])
            for at, text in enumerate(cleaned)
        ]

    def rankings(self, head: str, texts: Sequence[str], count: int = 3) -> List[Ranking]:
        """One head's guesses alone, best first."""
        cleaned = [clean(text).text for text in texts]
        if head == "service_code":
            chances = self._chances(cleaned)
        else:
            words = [self.segmenter.words(text) for text in cleaned]
            chances = self.classifier.probabilities(cleaned, words)[head]
        return ranked(self.classifier.heads[head].labels, chances, count)

    def _parsed(
        self, text: CleanText, guesses: Dict[str, Ranking], times: List[Time], places: Sequence[Place]
    ) -> Parsed:
        intents, codes = guesses["intent"], guesses["service_code"]
        if intents[0][0] == "inform" and _says_more(text.text, [*places, *times]):
            intents = _without_first(intents)
        intent, sure = intents[0]
        urgency, codes, intent = self._alarmed(text.text, intent, codes, guesses["urgency"])
        intent = intent if sure >= UNSURE or urgency == "emergency" else FALLBACK
        about = intent in ABOUT_SERVICE
        return {
            "intent": intent,
            "intent_confidence": sure,
            "intent_ranking": [{"name": name, "confidence": chance} for name, chance in intents],
            "service_code": codes[0][0] if about else None,
            "confidence": codes[0][1] if about else None,
            "alternatives": [{"service_code": c, "confidence": p} for c, p in codes] if about else [],
            "group": self._groups.get(codes[0][0]) if about else None,
            "appeal_type": self._appeal(intent, urgency, guesses["appeal_type"]) if about else None,
            "urgency": urgency,
            "places": [{**_span(text, p), "kind": p.kind, "resolved": _entry(p.entry)} for p in places],
            "times": [{**_span(text, t), "value": t.value.isoformat(), "ambiguous": t.ambiguous} for t in times],
            "issues": [],
            "contacts": [{**_span(text, c), "kind": c.kind} for c in find_contacts(text.text)],
            "poll": _poll(find_poll(text.text, times)) if intent == "start_poll" else None,
        }

    def _alarmed(self, text: str, intent: str, codes: Ranking, levels: Ranking) -> Tuple[str, Ranking, str]:
        """An emergency outranks whatever else the words may be: its code first, and always a report."""
        urgencies = dict(levels)
        learned = urgencies.pop("emergency", 0.0)
        sign = self._emergencies.sign(text) if learned >= CONCEIVABLE else None
        if not is_emergency(learned, sign, self._emergencies.is_calm(text)):
            return max(urgencies, key=lambda level: urgencies[level]), codes, intent
        likely = [code for code in codes if code[0] in self._emergencies.signs]
        if not likely and sign:
            codes = [(sign, learned), *codes[:2]]
        return "emergency", codes, "report_issue"

    def _appeal(self, intent: str, urgency: str, kinds: Ranking) -> str:
        """What the intent leaves open of it; who is in danger asks for help."""
        allowed = ("request",) if urgency == "emergency" else _APPEALS.get(intent)
        if allowed and len(allowed) == 1:
            return allowed[0]
        return next(kind for kind, _ in kinds if not allowed or kind in allowed)

    def _tell_issues(self, raised: Sequence[Tuple[CleanText, Parsed]]) -> None:
        """All at once: a model asked for one clause at a time takes ten times as long."""
        codes = self.classifier.heads["service_code"].labels
        found = find_issues([text.text for text, _ in raised], codes, self._chances)
        for (text, parsed), issues in zip(raised, found):
            parsed["issues"] = [
                {**_at(text, *part), "service_code": code, "confidence": round(chance, 4)}
                for part, (code, chance) in issues
            ]

    def _chances(self, texts: List[str]) -> np.ndarray:
        """Text x service_code; `texts` as `text.clean` leaves them."""
        return self.classifier.codes(texts, [self.segmenter.words(text) for text in texts])


def _span(text: CleanText, found: Any) -> Parsed:
    return _at(text, found.start, found.end)


def _at(text: CleanText, start: int, end: int) -> Parsed:
    start, end = text.original_span(start, end)
    return {"text": text.original[start:end], "start": start, "end": end}


def _entry(entry: Optional[Entry]) -> Optional[Parsed]:
    return {"code": entry.code, "name": entry.name, "kind": entry.kind} if entry else None


def _poll(poll: Poll) -> Parsed:
    deadline = poll.deadline.isoformat() if poll.deadline else None
    return {"question": poll.question, "options": poll.options, "deadline": deadline}
