"""Who may do what: the one table of rights, for pages and API alike."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Role(enum.StrEnum):
    """What a user or a token is."""

    VIEWER = "viewer"
    MARKETER = "marketer"
    ADMIN = "admin"


class Right(enum.StrEnum):
    """Something that a route may need."""

    SEE = "see"
    OPT_OUT = "opt_out"
    REPORT_OPT_OUT = "report_opt_out"
    OPT_IN = "opt_in"
    WORK = "work"
    ADMINISTER = "administer"


@dataclass(frozen=True)
class ConsentLimits:
    """The two account settings that narrow what a marketer may do; both off by default."""

    only_admins_change_consent: bool = False
    only_admins_resubscribe: bool = False


_VIEWER = frozenset({Right.SEE})
_MARKETER = _VIEWER | {Right.OPT_OUT, Right.REPORT_OPT_OUT, Right.OPT_IN, Right.WORK}
_RIGHTS = {
    Role.VIEWER: _VIEWER,
    Role.MARKETER: _MARKETER,
    Role.ADMIN: _MARKETER | {Right.ADMINISTER},
}


def may(role: Role, right: Right, limits: ConsentLimits) -> bool:
    """Tell whether `role` has `right` under the account's `limits`."""
    if right not in _RIGHTS[role]:
        return False
    if role is Role.ADMIN:
        return True
    if limits.only_admins_change_consent and right in (Right.OPT_OUT, Right.OPT_IN):
        return False
    return not (limits.only_admins_resubscribe and right is Right.OPT_IN)


class ActorKind(enum.StrEnum):
    """What sort of somebody did something."""

    USER = "user"
    TOKEN = "token"
    CONTACT = "contact"
    PROVIDER = "provider"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who did something: a user or token by id, the customer, the provider, or Heed itself."""

    kind: ActorKind
    id: int | None = None
    name: str = ""

    @property
    def signed_in(self) -> bool:
        """True for a person at the dashboard, whose acts take the database's time."""
        return self.kind is ActorKind.USER


CUSTOMER = Actor(ActorKind.CONTACT)
PROVIDER = Actor(ActorKind.PROVIDER)
SYSTEM = Actor(ActorKind.SYSTEM)
