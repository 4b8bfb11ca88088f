"""What stands before the first contact: who signs in, attributes, tags, templates."""

from __future__ import annotations

from sqlalchemy import select

from webapp.accounts.models import User
from webapp.accounts.rules import Actor, Role
from webapp.accounts.service import add_user, create_token, revoke_token
from webapp.contacts.attributes import Kind
from webapp.contacts.models import AttributeDefinition
from webapp.contacts.rules import Channel
from webapp.contacts.tags import named
from webapp.core.config import Config
from webapp.core.db import db
from webapp.demo.sign_ins import SIGN_INS
from webapp.demo.talks import TALKS
from webapp.demo.templates import TEMPLATES, DemoTemplate
from webapp.demo.traits import PLANS, TAGS
from webapp.message_templates.models import Template
from webapp.sandbox.store import register_templates

NAMES = {"admin": "Ada Okoro", "marketer": "Mara Lindqvist", "viewer": "Vic Tanaka"}
ATTRIBUTES = (
    ("city", "City", Kind.TEXT, ()),
    ("plan", "Plan", Kind.CHOICE, dict.fromkeys(PLANS)),
    ("language", "Language", Kind.CHOICE, TALKS),
    ("birthday", "Birthday", Kind.DATE, ()),
    ("orders", "Orders", Kind.NUMBER, ()),
    ("vip", "VIP", Kind.BOOLEAN, ()),
)


def add_users() -> dict[str, Actor]:
    """Add the people who sign in, in the open transaction; who is there already stays as is."""
    actors = {}
    for role, email, password in SIGN_INS:
        user = db.session.scalar(select(User).where(User.email == email))
        user = user or add_user(email, NAMES[role], Role(role), password)
        actors[role] = user.actor()
    return actors


def add_shop() -> Actor:
    """Add the token under which the shop system reported; nobody has its secret, so it is over."""
    token, _ = create_token("Online shop", Role.MARKETER)
    revoke_token(token)
    return token.actor()


def add_attributes() -> None:
    """Define the attributes of the demo's contacts, those that are not defined yet."""
    known = set(db.session.scalars(select(AttributeDefinition.name)))
    for name, label, kind, choices in ATTRIBUTES:
        if name not in known:
            db.session.add(
                AttributeDefinition(name=name, label=label, kind=kind, choices=list(choices))
            )
    db.session.flush()


def add_tags() -> dict[str, int]:
    """Make the demo's tags; gives their ids by name."""
    ids = {tag.folded: tag.id for tag in named(list(TAGS))}
    return {name: ids[name.casefold()] for name in TAGS}


def add_templates(config: Config) -> dict[DemoTemplate, int]:
    """Add the templates and tell the sandbox of WhatsApp's, as if Meta had approved them.

    Effects: rows in the open transaction, and the sandbox's own file at once: to be told twice
    does it no harm.
    """
    ids = {}
    for each in TEMPLATES:
        same = (Template.channel == each.channel) & (Template.name == each.name)
        template = db.session.scalar(
            select(Template).where(same, Template.language == each.language)
        )
        if template is None:
            template = Template(
                channel=each.channel,
                name=each.name,
                language=each.language,
                category=each.category,
                body=each.body,
                buttons=each.buttons,
            )
            db.session.add(template)
            db.session.flush()
        ids[each] = template.id
    theirs = [each for each in TEMPLATES if each.channel is Channel.WHATSAPP]
    register_templates(config, [_for_sandbox(each) for each in theirs])
    return ids


def _for_sandbox(template: DemoTemplate) -> dict[str, object]:
    return {
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "body": template.body,
        "buttons": [button["text"] for button in template.buttons],
    }
