"""What every action is handed."""

from dataclasses import dataclass

from rasa_sdk.interfaces import Action

from community.services.ports import UnitOfWorkFactory
from community.services.reference import Reference


@dataclass(frozen=True)
class Desk:
    open_uow: UnitOfWorkFactory
    reference: Reference


class DeskAction(Action):
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
