"""What the evidence page shows beside the pack itself: its addresses, and moments in full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import current_app, url_for
from markupsafe import Markup

from webapp.contacts.rules import AddressKind, State
from webapp.core.config import Config
from webapp.core.zones import as_utc, exact
from webapp.privacy.evidence import Line, Pack, Part
from webapp.privacy.evidence_beside import Beside
from webapp.privacy.evidence_json import as_json
from webapp.privacy.subjects import Subject

KINDS = {
    AddressKind.PHONE: "Number",
    AddressKind.EMAIL: "Email address",
    AddressKind.WHATSAPP_ID: "WhatsApp id",
}

# What the parts of an event's evidence are called; any other name is shown as it is.
EVIDENCE = {
    "how": "How",
    "when": "When",
    "where": "Where",
    "wording": "Wording shown",
    "reason": "Note",
}


@dataclass(frozen=True)
class View:
    """A pack as it is read in a zone."""

    pack: Pack
    zone: ZoneInfo

    @property
    def title(self) -> str:
        """Whose evidence it is."""
        address = self.pack.subject.address
        return address.value if address else "an erased address"

    @cached_property
    def sha256(self) -> str:
        """The hash that the JSON of the same facts bears."""
        return str(as_json(self.pack)["sha256"])

    @property
    def at_local(self) -> str:
        """The moment that was asked for, as a `datetime-local` field takes it.

        To the next full second: what happened within it is to be seen when it is asked again.
        """
        if self.pack.at is None:
            return ""
        local = self.pack.at.astimezone(self.zone).replace(tzinfo=None)
        rest = timedelta(seconds=1 if local.microsecond else 0)
        return (local.replace(microsecond=0) + rest).isoformat()

    @property
    def here(self) -> str:
        """The full address of this page."""
        config: Config = current_app.extensions["heed"]
        return f"{config.public_url.rstrip('/')}{self._to('evidence.show', self.pack.at)}"

    @property
    def now(self) -> str:
        """The address of the same evidence as of now."""
        return self._to("evidence.show", None)

    @property
    def as_file(self) -> str:
        """The address of the download."""
        return self._to("evidence.download", self.pack.at)

    def when(self, line: Line) -> str:
        """Give the address of what stood when an event was recorded."""
        return self._to("evidence.show", line.event.recorded_at)

    def beside(self, other: Beside) -> str:
        """Give the evidence of another address of the contact, as of the same moment."""
        whose = Subject(other.address, other.key)
        return self._to("evidence.show", self.pack.at, whose)

    def kind(self, other: Beside) -> str:
        """Say what another address is."""
        return KINDS[other.address.kind]

    def stopped_by(self, part: Part, other: Beside) -> bool:
        """Tell whether another address is, or was, opted out where this one itself is not."""
        now = other.stops_now and part.standing.state is not State.OPTED_OUT
        known = part.then.known.state if part.then else State.OPTED_OUT
        return now or (other.stopped_then and known is not State.OPTED_OUT)

    def exact(self, moment: datetime | None) -> Markup | str:
        """Say a moment in full, as evidence has to."""
        if moment is None:
            return ""
        said = exact(moment, self.zone)
        return Markup('<time datetime="{}">{}</time>').format(as_utc(moment), said)

    def known_then(self, line: Line) -> bool:
        """Tell whether an event was recorded by the moment that was asked for."""
        return self.pack.at is None or line.event.recorded_at <= self.pack.at

    def evidence(self, line: Line) -> list[tuple[str, Markup | str]]:
        """Give what was written down with an event, each part with its name."""
        found = line.detail.evidence if line.detail else {}
        return [
            (EVIDENCE.get(name, name.replace("_", " ").capitalize()), self._written(str(value)))
            for name, value in found.items()
            if str(value).strip()
        ]

    def _written(self, value: str) -> Markup | str:
        """Show a part of the evidence; one that is a moment in the reader's zone."""
        try:
            read = datetime.fromisoformat(value)
        except ValueError:
            return value
        return self.exact(read) if read.tzinfo else value

    def _to(self, endpoint: str, at: datetime | None, whose: Subject | None = None) -> str:
        params = (whose or self.pack.subject).params
        if at is not None:
            moment = at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
            params["at"] = f"{moment}Z"
        return f"{url_for(endpoint)}?{urlencode(params)}"
