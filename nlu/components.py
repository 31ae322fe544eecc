"""Rasa's way in: what `nlu train` learned, as one graph component; nothing is trained a second time."""

from datetime import datetime
from typing import Any, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu import store
from nlu.clock import moment
from nlu.files import MODEL
from nlu.understand import Parsed, Understanding

_RASA_KEYS = {"intent", "intent_confidence", "intent_ranking"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class UnderstandingClassifier(GraphComponent):
    def __init__(self, understanding: Optional[Understanding], storage: ModelStorage, resource: Resource) -> None:
        self._understanding = understanding
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "UnderstandingClassifier":
        return cls(None, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "UnderstandingClassifier":
        with model_storage.read_from(resource) as folder:
            return cls(Understanding(store.load(folder)), model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """A new model of the understanding must reach the bot."""
        return store.digest(MODEL)

    def train(self, training_data: TrainingData) -> Resource:
        """Keeps models/understanding, staff corrections and all; `ketang train` makes it first."""
        if store.is_stale(MODEL):
            raise ValueError(f"{MODEL} is older than the training data; run `ketang train`")
        with self._storage.write_to(self._resource) as folder:
            store.copy(MODEL, folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        assert self._understanding, "Rasa loads a component before it asks it"
        spoken = [message for message in messages if message.get(TEXT)]
        parsed = self._understanding.parse_many([m.get(TEXT) for m in spoken], [_now(m) for m in spoken])
        for message, understood in zip(spoken, parsed):
            _tell(message, understood)
        return messages


def _now(message: Message) -> datetime:
    return moment((message.get(METADATA) or {}).get("now"))


def _tell(message: Message, understood: Parsed) -> None:
    name, confidence = understood["intent"], understood["intent_confidence"]
    message.set(INTENT, {"name": name, "confidence": confidence}, add_to_output=True)
    message.set(INTENT_RANKING_KEY, understood["intent_ranking"], add_to_output=True)
    message.set(ENTITIES, [_entity(place) for place in understood["places"]], add_to_output=True)
    for key in understood.keys() - _RASA_KEYS:
        message.set(key, understood[key], add_to_output=True)


def _entity(place: Parsed) -> Parsed:
    resolved = place["resolved"] or {}
    return {
        "entity": "place",
        "value": place["text"],
        "start": place["start"],
        "end": place["end"],
        "kind": place["kind"],
        "code": resolved.get("code"),
        "extractor": "UnderstandingClassifier",
    }
