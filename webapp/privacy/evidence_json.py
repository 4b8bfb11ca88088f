"""The evidence pack as JSON, with the chain's own fields: anybody can recompute its hashes.

docs/evidence.md says how. What an event's hash covers stands in `public`, written exactly as it
was hashed: times with microseconds and offset, keys in hex.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from webapp.consent.chain import canonical
from webapp.consent.rules import Standing
from webapp.delivery.sentences import explain
from webapp.outbox.models import Message
from webapp.privacy.evidence import Line, Pack, Part
from webapp.privacy.evidence_beside import Beside
from webapp.privacy.evidence_chain import Then, public_of
from webapp.privacy.evidence_holds import Held
from webapp.receipts.links import without_tokens

Json = dict[str, Any]
VERSION = 1


def as_json(pack: Pack) -> Json:
    """Give a pack as it is downloaded: the `pack`, its SHA-256, and when it was made.

    The hash is over the pack alone, as sorted and compact JSON in ASCII: whoever reads the same
    facts again gets the same.
    """
    content = _content(pack)
    return {"made_at": _time(pack.made_at), "sha256": digest(content), "pack": content}


def digest(content: Json) -> str:
    """Give the SHA-256 of a pack's content in hex."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _content(pack: Pack) -> Json:
    address = pack.subject.address
    return {
        "version": VERSION,
        "address": address.value if address else None,
        "kind": address.kind.value if address else None,
        "key": pack.subject.key.hex(),
        "contact_id": pack.owner.id if pack.owner else None,
        "at": _time(pack.at),
        "channels": [_part(part) for part in pack.parts],
    }


def _part(part: Part) -> Json:
    checked = part.checked
    return {
        "channel": part.channel.value,
        "now": {**_standing(part.standing), "held": part.held},
        "then": _then(part.then, held=part.held_then),
        "same_contact": [_beside(other) for other in part.others],
        "holds": [_held(held) for held in reversed(part.holds)],
        "events": [_line(line) for line in reversed(part.lines)],
        "events_left_out": part.left_out,
        "checked": {
            "holds": checked.holds,
            "events": checked.events,
            "broken": list(checked.broken),
            "unlike": list(checked.unlike),
            "ends": checked.ends,
            "stands": checked.stands,
        },
        "messages": [
            {**_message(left.message, left.template), "stood": left.stood} for left in part.sent
        ],
        "more_messages": part.more_sent,
    }


def _standing(standing: Standing) -> Json:
    return {
        "state": standing.state.value,
        "since": _time(standing.since),
        "source": standing.source.value if standing.source else None,
        "event_id": standing.event_id,
    }


def _then(then: Then | None, *, held: bool) -> Json | None:
    if then is None:
        return None
    known = {**_standing(then.known), "held": held}
    return {"known": known, "today": _standing(then.today)}


def _beside(other: Beside) -> Json:
    return {
        "address": other.address.value,
        "kind": other.address.kind.value,
        "key": other.key.hex(),
        "now": {**_standing(other.standing), "held": other.held},
        "then": _then(other.then, held=other.held_then),
    }


def _held(held: Held) -> Json:
    return {
        "id": held.id,
        "said": without_tokens(held.said),
        "words": held.words,
        "since": _time(held.since),
        "until": _time(held.until),
        "decision": held.decision,
        "decided_by": held.who or None,
    }


def _line(line: Line) -> Json:
    event = line.event
    return {
        "id": event.id,
        "public": json.loads(canonical(public_of(event))),
        "commitment": event.commitment.hex(),
        "prev": event.prev.hex(),
        "hash": event.hash.hex(),
        "holds": line.holds,
        "detail": _detail(line),
        "erased_at": _time(line.erased_at),
        "actor": line.who,
        "undone_by": line.undone_by,
        "cancelled": {
            "count": line.cancelled.count,
            "messages": [_message(one.message, one.template) for one in line.cancelled.newest],
        },
        "confirmation": _confirmation(line),
        "seal": _seal(line),
    }


def _confirmation(line: Line) -> Json | None:
    found = line.confirmation
    return _message(found.message, found.template) if found else None


def _seal(line: Line) -> Json | None:
    seal = line.seal
    return {"id": seal.id, "at": _time(seal.at), "hash": seal.hash.hex()} if seal else None


def _detail(line: Line) -> Json | None:
    detail = line.detail
    if detail is None:
        return None
    return {
        "salt": detail.salt.hex(),
        "address": detail.address,
        "said": detail.said,
        "evidence": detail.evidence,
    }


def _message(message: Message, template: str | None) -> Json:
    moments = ("created_at", "claimed_at", "sent_at", "delivered_at", "read_at", "ended_at")
    return {
        "id": message.id,
        "origin": message.origin.value,
        "category": message.category.value,
        # A pack is handed on: nobody who reads it may act by the person's own links.
        "text": without_tokens(message.body),
        "template": template,
        "status": message.status.value,
        "rule": message.rule,
        "event_id": message.event_id,
        "explanation": explain(message),
        **{name: _time(getattr(message, name)) for name in moments},
    }


def _time(moment: datetime | None) -> str | None:
    """Write a moment as RFC 3339 in UTC, to the microsecond."""
    if moment is None:
        return None
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
