"""Every page by those rules of WCAG 2.2 A and AA that a machine can check (axe-core)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from tests.browser.signing_in import sign_in
from tests.contact_lists import checked as checked_contacts
from tests.contact_lists import looked_at
from tests.lists import checked
from tests.servers import Missing, needs
from webapp.accounts.models import User
from webapp.consent.models import ConsentEvent, ConsentState
from webapp.contacts.filters import Filters
from webapp.contacts.models import AttributeDefinition, Contact, Tag
from webapp.contacts.rules import AddressKind, Channel, State
from webapp.conversations.models import Conversation
from webapp.core.db import db, transaction
from webapp.demo import SIGN_INS, load
from webapp.exports import schedules
from webapp.exports.schedules import Wanted
from webapp.exports.times import Every, Plan
from webapp.opportunities.models import Opportunity
from webapp.receipts.links import links
from webapp.receipts.tokens import Purpose, Token
from webapp.segments import service as segments
from webapp.tasks import service as tasks

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS: dict[str, dict[str, Any]] = {
    "wide and light": {"color_scheme": "light", "viewport": {"width": 1440, "height": 900}},
    "a phone in the dark": {"color_scheme": "dark", "viewport": {"width": 360, "height": 740}},
}
ADMIN = next((email, password) for role, email, password in SIGN_INS if role == "admin")
PLANNED = Wanted(
    name="Exclusion list",
    channel=None,
    source=None,
    only_new=True,
    file_type="csv",
    recipients=("dpo@partner.example",),
    plan=Plan(Every.WEEK, 1, 7, ZoneInfo("Europe/Berlin")),
)
# Pages of their own kind: not for people, or not ours to style.
GONE = Filters(state=State.OPTED_OUT)
TAGGING = {"tag": "VIP", "filters": [], "zone": "UTC"}
APART = ("/api/", "/static/", "/webhooks/", "/healthz", "/readyz")


@pytest.fixture(scope="module")
def axe() -> str:
    """The checker's script."""
    if not AXE.exists():
        needs(Missing("axe-core is missing (make setup installs it)"))
    return AXE.read_text()


@pytest.fixture
def demo(app: Flask) -> dict[str, Any]:
    """The demo's people; gives what stands in the places of an address."""
    with app.app_context():
        load(60)
        out = select(ConsentState.key).where(ConsentState.state == State.OPTED_OUT)
        contact = db.session.scalars(select(Contact.id).where(Contact.phone_key.in_(out))).first()
        who = db.session.scalars(select(User).where(User.email == ADMIN[0])).one().actor()
        task = transaction(lambda: tasks.start("bulk.tag", "Adding a tag", who, TAGGING).id)
        schedule = transaction(lambda: schedules.add(PLANNED, who).id)
        segment = transaction(lambda: segments.save("Gone", GONE, who).id)
        talk = db.session.scalars(
            select(Conversation.id).order_by(Conversation.last_at.desc())
        ).first()
        list_ = checked("phone\n+491512345678\nnobody\n").id
        people = "Name,Mobile,SMS opt-in,Note\nAnn,+491512345678,no,x\nBen,none,,\n"
        imports = [looked_at(people).id, checked_contacts(people, region="DE").id]
        event = db.session.scalars(select(ConsentEvent).order_by(ConsentEvent.id.desc())).first()
        assert event is not None
        kind = AddressKind.EMAIL if event.channel is Channel.EMAIL else AddressKind.PHONE
        receipt = Token(Purpose.RECEIPT, event.channel, kind, event.key, event.id)
        token = links().sign(receipt)
        event_id = event.id
        opportunity = db.session.scalars(select(Opportunity.id)).first()
        tag = db.session.scalars(select(Tag.id)).first()
        definition = db.session.scalars(select(AttributeDefinition.id)).first()
        user = db.session.scalars(select(User.id).where(User.email != ADMIN[0])).first()
        db.session.rollback()
    return {
        "contact_id": contact,
        "event_id": event_id,
        "token": token,
        "channel": "whatsapp",
        "task_id": task,
        "role": "made",
        "schedule_id": schedule,
        "segment_id": segment,
        "tag_id": tag,
        "definition_id": definition,
        "opportunity_id": opportunity,
        "user_id": user,
        "list_id": list_,
        "contact_imports": imports,
        "conversation_id": talk,
    }


def addresses(app: Flask, values: dict[str, Any]) -> list[str]:
    """Give the address of every page that shows HTML, found by asking for it as an admin."""
    client = app.test_client()
    client.post("/login", data={"email": ADMIN[0], "password": ADMIN[1]})
    found = ["/audience?channel=email&state=opted_out&q=a", "/audience?q=nobody-is-called-this"]
    found.append(f"/audience?tag=VIP&last=30&saved={values['segment_id']}")
    found += ["/contacts?consent.email=opted_out&q=a", "/contacts/duplicates?by=email"]
    found.append(f"/imports/{values['list_id']}")
    found += [f"/imports/contacts/{task_id}" for task_id in values["contact_imports"]]
    found.append(client.get(f"/evidence/events/{values['event_id']}").headers["Location"])
    for rule in app.url_map.iter_rules():
        path = str(rule)
        if "GET" not in (rule.methods or ()) or path.startswith(APART):
            continue
        path = re.sub(r"<(?:[^:<>]*:)?(\w+)>", lambda name: str(values[name[1]]), path)
        answer = client.get(path, buffered=True)
        if answer.status_code == 200 and b"<!DOCTYPE html>" in answer.data[:200]:
            found.append(path)
    return found


def violations(page: Page, axe: str) -> list[str]:
    """Give what breaks a rule on the page as it stands, each with the element."""
    page.evaluate(axe)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [
        f"{each['id']} ({each['help']}): {node['html'][:200]} {node['failureSummary'][:300]}"
        for each in found["violations"]
        for node in each["nodes"][:3]
    ]


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS)
def test_no_page_breaks_a_rule(
    app: Flask,
    live_url: str,
    new_page: Callable[..., Page],
    demo: dict[str, Any],
    axe: str,
    look: str,
) -> None:
    page = new_page(**LOOKS[look], reduced_motion="reduce")
    page.goto(f"{live_url}/login")
    broken = {"/login": violations(page, axe)}
    sign_in(page, live_url, *ADMIN)
    for path in addresses(app, demo):
        page.goto(live_url + path)
        page.wait_for_load_state("networkidle")
        broken[path] = violations(page, axe)
    said = [f"{path}: {each}" for path, some in broken.items() for each in some]
    assert not said, "\n".join(said)
