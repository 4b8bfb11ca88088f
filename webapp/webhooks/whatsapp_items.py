"""What a WhatsApp webhook can say, one type each; made by `whatsapp_payload.parse`.

Every item has `phone_number_id` (the business number it is about, where it is about one) and
`dedupe_key`: the same for every delivery of the same event, different for different events, at
most 300 characters. Addresses are "+" and digits exactly as WhatsApp spells the number; some
mobiles of Mexico ("+521…") and Brazil (without the ninth digit) are spelled in an old way there,
which `contacts.rules.canonical` folds when it makes the key. Times are aware UTC, or None where
WhatsApp gave none that can be true. Strings hold no NUL and no lone surrogate, so that any
database takes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from webapp.receipts.links import without_tokens


@dataclass(frozen=True, kw_only=True)
class Item:
    """What all items have; `raw` is the piece of JSON that this one was made from."""

    phone_number_id: str | None
    dedupe_key: str
    raw: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Inbound(Item):
    """Something a person wrote, tapped, sent or undid.

    `kind`: text, button (a template's quick reply), button_reply, list_reply, form_reply,
    image, video, audio, document, sticker, location, contacts, order, reaction, unreaction,
    edit, revoke, call, unsupported, or WhatsApp's own word for one that is new.
    `text` is what the person wrote or what stood on the button, a caption too: what keywords
    are matched on. `payload` is the id behind a button or list row, else "".
    `said` is the text as it is kept and shown: a person who quotes our confirmation sends their own
    link along, by which whoever reads it could act as them.
    `context_id` is the message that this one answers, reacts to, edits or revokes.
    `address` or `user_id` may be missing: whoever hides their number has only a user id.
    """

    message_id: str
    address: str | None
    user_id: str | None
    profile_name: str
    kind: str
    text: str
    payload: str
    occurred_at: datetime | None
    context_id: str | None

    @property
    def said(self) -> str:
        """The text without the person's own links."""
        return without_tokens(self.text)


@dataclass(frozen=True, kw_only=True)
class Status(Item):
    """What became of a message of ours: sent, delivered, read, played or failed.

    They may come twice and in any order. `correlation` is what we gave when sending.
    `errors` are (code, detail), the codes those of `delivery.providers.whatsapp_errors`.
    """

    message_id: str
    status: str
    occurred_at: datetime | None
    recipient: str | None
    user_id: str | None
    correlation: str | None
    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Preference(Item):
    """WhatsApp's own switch for marketing messages was used by the person.

    `value` is "stop" or "resume", or another word that says neither. A resume that is not about
    marketing comes as "<category>:resume", so that it cannot lift a marketing opt-out.
    """

    address: str | None
    user_id: str | None
    profile_name: str
    value: str
    category: str
    occurred_at: datetime | None

    @property
    def key(self) -> str:
        """The same as `dedupe_key`: a preference has no id of its own."""
        return self.dedupe_key


@dataclass(frozen=True, kw_only=True)
class NumberChanged(Item):
    """A person moved from one number to another; their user id changes with it."""

    message_id: str
    old: str | None
    new: str | None
    old_user_id: str | None
    new_user_id: str | None
    occurred_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class UserIdChanged(Item):
    """A person has a new user id; `address` is their number where WhatsApp shows it."""

    message_id: str
    old: str | None
    new: str | None
    address: str | None
    occurred_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class TemplateChanged(Item):
    """Meta changed something about a template.

    `event` is what changed: a status (APPROVED, REJECTED, PAUSED, DISABLED...), "CATEGORY",
    "QUALITY" or "COMPONENTS". `category` is the one that counts from now on, "" where not said.
    """

    template_id: str
    name: str
    language: str
    event: str
    category: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AccountNotice(Item):
    """Something about the account or number itself: an error code, or an event in capitals."""

    field: str
    code: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Unknown(Item):
    """Something of a kind that nothing here acts on; kept, so that nothing is lost."""

    kind: str


AnyItem = (
    Inbound
    | Status
    | Preference
    | NumberChanged
    | UserIdChanged
    | TemplateChanged
    | AccountNotice
    | Unknown
)
