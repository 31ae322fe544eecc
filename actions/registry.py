"""Every action, in one list."""

from rasa_sdk.interfaces import Action

from actions.case_progress import CaseProgress
from actions.desk import Desk
from actions.details import AddDetails
from actions.rate import RateService
from actions.reopen import ReopenCase
from actions.report_form import ValidateReportIssueForm
from actions.reports import AskArea, AskConfirmation, StartReport, SubmitCase
from actions.support import SupportCase
from actions.withdraw import WithdrawCase

ACTIONS = (
    StartReport,
    ValidateReportIssueForm,
    AskArea,
    AskConfirmation,
    SubmitCase,
    CaseProgress,
    AddDetails,
    ReopenCase,
    WithdrawCase,
    RateService,
    SupportCase,
)


def all_actions(desk: Desk) -> list[Action]:
    return [action(desk) for action in ACTIONS]
