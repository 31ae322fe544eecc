"""Named reasons why a wish cannot be granted; each edge maps them to its own words once."""


class KetangError(Exception):
    """Base of every error the domain raises on purpose."""


class NotFound(KetangError):
    """The thing asked for does not exist, or not for the one who asks."""


class TransitionNotAllowed(KetangError):
    """The lifecycle has no such step from here, or not for this actor."""


class NoteRequired(KetangError):
    """This step must say why."""


class GroundRequired(KetangError):
    """A case is turned down on one of the known grounds only."""


class BadDate(KetangError):
    """A suspension must end on a day to come."""


class BadTarget(KetangError):
    """A case is merged into another one that is still being dealt with, never into itself or in a circle."""


class PhotoRequired(KetangError):
    """This service must be shown to be done."""


class PhotoRefused(KetangError):
    """Not a picture of a kind that is taken in, or a broken one."""


class PhotoTooLarge(KetangError):
    """More bytes or more pixels than a photo of a place needs."""


class TasksOpen(KetangError):
    """The lead unit is done only after the units that work with it."""


class StepsOpen(KetangError):
    """The procedure of this case is not far enough."""


class UnknownUnit(NotFound):
    """No such unit, or it has no task in this case."""


class UnitRequired(KetangError):
    """Whoever handles cases does so for a unit."""


class EventOutOfOrder(KetangError):
    """An event older than the one before it, or one that does not fit the state it meets."""


class StaleCase(KetangError):
    """Somebody else changed the case since it was read; nothing was written."""


class UnknownService(KetangError):
    """No such service_code in the taxonomy."""


class UnknownStep(KetangError):
    """The procedure has no such step."""


class StepNotOpen(KetangError):
    """The step is done already, waits for others, or is not needed."""


class NotTheOwner(KetangError):
    """The step belongs to another unit."""


class EvidenceMissing(KetangError):
    """The step must be finished with more than was handed in."""


class AnswerNotOffered(KetangError):
    """A decision ends with one of its answers, any other step with none."""


class BadReferenceData(KetangError):
    """A file under data/ is wrong; the message reads `file: reason`."""


class BadRating(KetangError):
    """Satisfaction is given from 1 to 5, and only for what has been dealt with."""


class BadBindCode(KetangError):
    """No such code to link a chat with, or no longer."""


class LoginThrottled(KetangError):
    """Too many wrong passwords for this name; try again later."""


class BadRoster(KetangError):
    """A duty roster that cannot work; the kinds below say why."""


class WrongCrewCount(BadRoster):
    """The pattern needs another number of crews."""


class EmptyCrew(BadRoster):
    """A crew without anybody in it."""


class CrewMemberRepeated(BadRoster):
    """One person in two crews, or twice in one."""


class BadChangeTime(BadRoster):
    """Crews change at a whole minute of Shanghai's wall clock, without a time zone."""


class SwapNotPossible(KetangError):
    """No such shift, or not these two people's to swap."""


class KeyNameTaken(KetangError):
    """A key of this name is in use; revoke it first."""


class BadKeyName(KetangError):
    """Names of keys are short and made of small letters, digits and hyphens."""


class KeyRefused(KetangError):
    """No such key, or one that was revoked."""


class ValueRefused(KetangError):
    """A value of an import is wrong; `reason_key` names the text that says why, `values` are that text's."""

    def __init__(self, reason_key: str, **values: object) -> None:
        super().__init__(reason_key, values)
        self.reason_key, self.values = reason_key, values


class BadPosition(KetangError):
    """Longitude and latitude that are nowhere on earth."""
