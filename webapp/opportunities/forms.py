"""The form of an opportunity: what it holds, and what was typed as a draft."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import TypeVar

from webapp.core.web import read_id
from webapp.opportunities.models import Opportunity
from webapp.opportunities.rules import (
    LONGEST_NAME,
    LONGEST_NOTE,
    Stage,
    currencies,
    read_amount,
    typed_amount,
)
from webapp.opportunities.service import Draft

Value = TypeVar("Value")
FIRST_YEAR, LAST_YEAR = 1970, 2999


def filled(opportunity: Opportunity) -> dict[str, str]:
    """Give what the fields hold of an opportunity."""
    return {
        "name": opportunity.name,
        "stage": opportunity.stage.value,
        "amount": typed_amount(opportunity.amount, opportunity.currency),
        "currency": opportunity.currency,
        "owner": str(opportunity.owner_id or ""),
        "expected_on": opportunity.expected_on.isoformat() if opportunity.expected_on else "",
        "note": opportunity.note,
        "stamp": opportunity.updated_at.isoformat(),
    }


def read_draft(
    form: Mapping[str, str], owners: Collection[int]
) -> tuple[Draft | None, dict[str, str]]:
    """Read what was typed; gives the draft, or what is wrong with each field.

    `owners` are the ids of the users who may look after it.
    """
    errors: dict[str, str] = {}

    def read(field: str, how: Callable[[str], Value], wrong: str, default: Value) -> Value:
        try:
            return how(form.get(field, "").strip())
        except ValueError:
            errors[field] = wrong
            return default

    name = read("name", _name, f"Write a name of {LONGEST_NAME} characters at most.", "")
    stage = read("stage", Stage, "Choose a stage.", Stage.NEW)
    currency = read("currency", _currency, "Choose a currency.", "EUR")
    amount = read(
        "amount",
        lambda text: read_amount(text, currency),
        f"Write an amount of {currency} like 1200 or 1,200.50.",
        None,
    )
    owner = read("owner", lambda text: _owner(text, owners), "Choose who looks after it.", None)
    expected = read("expected_on", _day, "Write a date like 2026-11-22.", None)
    note = read("note", _note, f"A note has {LONGEST_NOTE} characters at most.", "")
    if errors:
        return None, errors
    return Draft(name, stage, amount, currency, owner, expected, note), {}


def _name(text: str) -> str:
    if not 0 < len(text) <= LONGEST_NAME or "\x00" in text:
        raise ValueError("no name")
    return text


def _note(text: str) -> str:
    if len(text) > LONGEST_NOTE or "\x00" in text:
        raise ValueError("no note")
    return text


def _currency(text: str) -> str:
    if text not in currencies():
        raise ValueError("no currency")
    return text


def _owner(text: str, owners: Collection[int]) -> int | None:
    if not text:
        return None
    number = read_id(text)
    if number not in owners:
        raise ValueError("no owner")
    return number


def _day(text: str) -> date | None:
    if not text:
        return None
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("no day of ours")
    return day
