"""POST /check: may this be sent?"""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response

from webapp.accounts.access import requires
from webapp.accounts.rules import Right
from webapp.api.addresses import address_on
from webapp.api.consents import Line
from webapp.api.idempotency import answer_once
from webapp.api.schemas import Answer, Body
from webapp.consent.answers import answer
from webapp.consent.rules import Rule
from webapp.contacts.addresses import contact_by_key, key_of
from webapp.contacts.rules import Channel
from webapp.outbox.rules import Category, Origin, Reason

blueprint = APIBlueprint("check", __name__, tag="Messages")


class CheckIn(Body):
    """A send that somebody has in mind."""

    channel: Channel
    address: Line
    category: Category = Category.MARKETING
    origin: Origin = Origin.API


class CheckOut(Answer):
    """The table's answer. `rule` is the line that gave it, `event_id` the event that decided."""

    allowed: bool
    reason: Reason | None
    rule: Rule
    event_id: int | None


@blueprint.post("/check")
@requires(Right.SEE)
@blueprint.input(CheckIn, arg_name="asked")
@blueprint.output(CheckOut)
def check(asked: CheckIn) -> Response:
    """May this be sent now?

    The same table decides here and when a message leaves. A repeat with the same Idempotency-Key
    is judged anew: an old yes may be wrong by now.
    """
    return answer_once(lambda: (_judged(asked), 200), again=True)


def _judged(asked: CheckIn) -> CheckOut:
    key = key_of(address_on(asked.channel, asked.address))
    contact = contact_by_key(key)
    keys = {key, *(contact.keys(asked.channel) if contact else ())}
    found = answer(asked.channel, sorted(keys), asked.category, asked.origin)
    return CheckOut(
        allowed=found.decision.allowed,
        reason=found.decision.reason,
        rule=found.decision.rule,
        event_id=found.event_id,
    )
