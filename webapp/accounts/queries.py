"""Reading who somebody is."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from webapp.accounts.models import ApiToken, User
from webapp.accounts.rules import ActorKind
from webapp.core.db import db

Who = tuple[ActorKind | None, int | None]

NOBODY = {
    ActorKind.CONTACT: "the customer",
    ActorKind.PROVIDER: "the provider",
    ActorKind.SYSTEM: "Heed",
    ActorKind.USER: "a former user",
    ActorKind.TOKEN: "an API token",
}


def names_of(people: Iterable[Who]) -> dict[Who, str]:
    """Give what to call each actor, by kind and id, in two queries at most."""
    wanted = set(people)
    users = {number for kind, number in wanted if kind is ActorKind.USER}
    tokens = {number for kind, number in wanted if kind is ActorKind.TOKEN}
    names: dict[Who, str] = {}
    if users:
        rows = db.session.execute(select(User.id, User.name).where(User.id.in_(users)))
        names |= {(ActorKind.USER, row.id): row.name for row in rows}
    if tokens:
        found = db.session.execute(
            select(ApiToken.id, ApiToken.name).where(ApiToken.id.in_(tokens))
        )
        names |= {(ActorKind.TOKEN, row.id): f"API token {row.name}" for row in found}
    return {who: names.get(who) or (NOBODY[who[0]] if who[0] else "") for who in wanted}


def actors() -> dict[Who, str]:
    """Give everybody who may have acted here, users first, each group by name."""
    users = db.session.execute(select(User.id, User.name).order_by(User.name, User.id))
    found: dict[Who, str] = {(ActorKind.USER, row.id): row.name for row in users}
    tokens = db.session.execute(select(ApiToken.id, ApiToken.name).order_by(ApiToken.name))
    return found | {(ActorKind.TOKEN, row.id): f"API token {row.name}" for row in tokens}
