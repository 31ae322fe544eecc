"""Code and domain.yml must name the same things: actions, responses, slots, intents, entities in payloads."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions import report_form, report_slots
from actions.registry import ACTIONS
from bot.rasa import intent_of

ROOT = Path(__file__).resolve().parents[3]
DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
RULES = [
    rule
    for path in (ROOT / "data" / "rules").glob("*.yml")
    for rule in yaml.safe_load(path.read_text("utf-8"))["rules"]
]
CODE = "\n".join(path.read_text("utf-8") for path in (ROOT / "actions").glob("*.py"))


def steps(key: str) -> set[str]:
    """Every value of `key` in the rules' steps, also inside `or`."""
    found: set[str] = set()
    for rule in RULES:
        for step in rule["steps"]:
            for option in step.get("or", [step]):
                if key in option:
                    found.add(option[key])
    return found


def payloads() -> list[str]:
    return [
        button["payload"]
        for variants in DOMAIN["responses"].values()
        for variant in variants
        for button in variant.get("buttons", ())
    ]


def test_every_action_of_the_domain_is_implemented_and_no_other() -> None:
    implemented = {action(None).name() for action in ACTIONS}  # type: ignore[arg-type]
    assert implemented == set(DOMAIN["actions"])


def test_every_response_named_in_code_or_rules_exists_and_none_is_idle() -> None:
    used = set(re.findall(r"utter_\w+", CODE)) - {"utter_message"} | {
        a for a in steps("action") if a.startswith("utter")
    }
    assert used == set(DOMAIN["responses"])


def test_every_custom_action_in_the_rules_exists() -> None:
    named = {action for action in steps("action") if action.startswith("action_")}
    assert named <= set(DOMAIN["actions"])


def test_every_intent_is_answered_when_idle() -> None:
    idle = {
        option["intent"]
        for rule in RULES
        if "condition" not in rule
        for option in rule["steps"][0].get("or", [rule["steps"][0]])
    }
    assert idle == set(DOMAIN["intents"])


def test_every_interruption_is_answered_inside_the_form() -> None:
    inside = {
        option["intent"]
        for rule in RULES
        if {"active_loop": report_slots.FORM} in rule.get("condition", ())
        for option in rule["steps"][0].get("or", [rule["steps"][0]])
        if "intent" in option
    }
    assert inside >= report_form.INTERRUPTIONS | report_form.MORE_TO_SAY


def test_every_slot_constant_is_declared() -> None:
    assert set(report_slots.SLOTS) | {"emergency_number"} == set(DOMAIN["slots"])


def test_every_required_slot_has_its_question() -> None:
    for slot in DOMAIN["forms"][report_slots.FORM]["required_slots"]:
        assert f"action_ask_{report_slots.FORM}_{slot}" in DOMAIN["actions"]


@pytest.mark.parametrize("payload", payloads())
def test_every_payload_names_a_known_intent_and_entities(payload: str) -> None:
    intent = intent_of(payload)
    assert intent["name"] in DOMAIN["intents"]
    assert set(intent["entities"]) <= set(DOMAIN["entities"])


def test_every_placeholder_of_a_response_is_given_by_code() -> None:
    given = set(re.findall(r"(\w+)=", CODE)) | {
        *("number", "service_name", "unit_name", "deadline", "opened", "status", "place", "description")
    }
    for name, variants in DOMAIN["responses"].items():
        for variant in variants:
            assert set(re.findall(r"{(\w+)}", variant["text"])) <= given, name
