"""GET /evidence: the evidence pack of an address."""

from __future__ import annotations

from typing import Annotated, Any

from apiflask import APIBlueprint
from pydantic import Field

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.api.addresses import any_address
from webapp.api.consents import Line
from webapp.api.moments import Moment
from webapp.api.schemas import Answer, Query
from webapp.ledger.covering import covering
from webapp.privacy.evidence import check_past, pack_of
from webapp.privacy.evidence_json import as_json
from webapp.privacy.evidence_reading import note_read
from webapp.privacy.subjects import subject_of

blueprint = APIBlueprint("evidence", __name__, tag="Consents")


class EvidenceQuery(Query):
    """Whose evidence, and a past moment at which to say what stood."""

    address: Annotated[Line, Field(min_length=1)]
    at: Moment | None = None


class EvidenceOut(Answer):
    """The pack, its SHA-256, and when it was made; docs/evidence.md says how to check it."""

    made_at: str
    sha256: str
    pack: dict[str, Any]


@blueprint.get("/evidence")
@requires(Right.SEE)
@blueprint.input(EvidenceQuery, location="query", arg_name="asked")
@blueprint.output(EvidenceOut)
def show(asked: EvidenceQuery) -> dict[str, Any]:
    """The evidence pack of an address, with its chain

    Reading one is noted in the audit log.
    """
    check_past(asked.at)
    subject = subject_of(asked.address, any_address)
    note_read(actor(), subject.key, asked.at, form="api")
    return as_json(pack_of(subject, asked.at, covering))
