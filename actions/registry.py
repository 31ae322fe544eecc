"""Every action, in one list."""

from rasa_sdk.interfaces import Action

from actions.case_progress import CaseProgress
from actions.desk import Desk
from actions.details import AddDetails
from actions.report_form import ValidateReportIssueForm
from actions.reports import AskArea, AskConfirmation, StartReport, SubmitCase

ACTIONS = (StartReport, ValidateReportIssueForm, AskArea, AskConfirmation, SubmitCase, CaseProgress, AddDetails)


def all_actions(desk: Desk) -> list[Action]:
    return [action(desk) for action in ACTIONS]
