"""Writing the message rows of one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.accounts.rules import Actor
from webapp.consent.rules import DEFAULT_POLICIES, Send, decide, deciding_event
from webapp.contacts.rules import Channel, State
from webapp.demo.fates import WAITING, sent
from webapp.demo.ledger import Row
from webapp.demo.stories import Cast, Life
from webapp.demo.templates import WELCOME_OFFER, WIN_BACK, WIN_BACK_ES, DemoTemplate
from webapp.message_templates.rules import render
from webapp.outbox.rules import Category, Origin


@dataclass(frozen=True)
class Desk:
    """Who sends, and under which id each template is kept."""

    cast: Cast
    template_ids: dict[DemoTemplate, int]


class Pen:
    """Writes a person's WhatsApp messages, as admitted under the consent of that time.

    Rows have all columns but their ids; they wait until a fate is put over them.
    """

    def __init__(self, life: Life, desk: Desk) -> None:
        self.life, self.desk = life, desk
        self.person, self.rng, self.cast = life.person, life.person.rng, desk.cast

    def offer(self) -> DemoTemplate:
        """Choose a marketing template in a language that the person reads."""
        if self.person.attributes["language"] == "Spanish":
            return WIN_BACK_ES
        return self.rng.choice((WELCOME_OFFER, WIN_BACK))

    def template(
        self, template: DemoTemplate, origin: Origin, created: datetime, at: datetime
    ) -> Row:
        """Write a template message; what comes by API is the shop system's."""
        variables = template.variables(self.rng, self.person.called)
        actor = self.cast.shop if origin is Origin.API else self.cast.marketer
        body = render(template.body, variables)
        row = self.row(origin, template.category, body, actor, created, at)
        chosen = {"template_id": self.desk.template_ids[template], "variables": variables}
        return {**row, **chosen}

    def text(self, origin: Origin, text: str, created: datetime, at: datetime) -> Row:
        """Write free text, which is marketing."""
        return self.row(origin, Category.MARKETING, text, self.cast.marketer, created, at)

    def with_receipt(self, text: str, event_id: int) -> str:
        """Put the person's receipt of an event where a text has its place, as a reply has it."""
        reached = self.person.reached(Channel.WHATSAPP)
        assert reached is not None
        address, key = reached
        return self.cast.links.filled(text, Channel.WHATSAPP, address.kind, key, event_id)

    def row(
        self,
        origin: Origin,
        category: Category,
        body: str,
        actor: Actor,
        created: datetime,
        at: datetime,
    ) -> Row:
        """Write a message that was admitted at `created` for `at`."""
        reached = self.person.reached(Channel.WHATSAPP)
        assert reached is not None
        address, key = reached
        standing = self.life.standing_at(created)
        row: dict[str, Any] = {
            "contact_id": self.person.id,
            "channel": Channel.WHATSAPP,
            "key": key,
            "address": address.value,
            "origin": origin,
            "category": category,
            "body": body,
            "template_id": None,
            "variables": {},
            "epoch": standing.epoch if standing else 0,
            "confirms_event_id": None,
            "answers_inbound_id": None,
            "send_at": at,
            "not_before": at,
            "expires_at": None,
            "created_at": created,
            "actor_kind": actor.kind,
            "actor_id": actor.id,
        }
        return {**row, **WAITING}

    def sent(self, row: Row, at: datetime) -> Row:
        """Let a written message leave at `at`, with what became of it and what let it go."""
        standing = self.life.standing_at(at)
        state = standing.after if standing else State.UNKNOWN
        policy = DEFAULT_POLICIES[Channel.WHATSAPP]
        rule = decide(Send(row["origin"], row["category"], state, policy)).rule
        ids = (standing.standing_id, standing.out_event_id) if standing else (None, None)
        receipt = {"rule": rule, "event_id": deciding_event(rule, *ids)}
        return {**row, **sent(self.rng, at, self.cast.now), **receipt}

    def was_out(self, moment: datetime) -> bool:
        """Tell whether the person was opted out at a moment."""
        standing = self.life.standing_at(moment)
        return standing is not None and standing.after is State.OPTED_OUT
