"""What the preview of a merge says beforehand of each channel: what it becomes, and why."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.consent.queries import policy
from webapp.contacts.rules import AddressKind, State
from webapp.privacy.merge_plan import Plan, Stands, Stays

KINDS = {
    AddressKind.PHONE: "number",
    AddressKind.EMAIL: "email address",
    AddressKind.WHATSAPP_ID: "WhatsApp id",
}


@dataclass(frozen=True)
class Why:
    """A sentence or two about a channel; `tightens` where less may be sent than before.

    `opts_out` where it becomes Opted Out.
    """

    text: str
    tightens: bool
    opts_out: bool


def whys_of(plan: Plan) -> list[Why]:
    """Give why each channel becomes what it does, where that does not explain itself.

    Reads the policy of a channel where the answer depends on it.
    """
    said = [(_why(stand, plan), stand) for stand in plan.stands]
    return [Why(text, s.tightens, s.after is State.OPTED_OUT) for text, s in said if text]


def _why(stand: Stands, plan: Plan) -> str:
    label = stand.channel.label
    if stand.because:
        if not stand.tightens:
            return ""
        return f"{label} becomes Opted Out because of {stand.because}."
    if stand.newly_held:
        held = f"{label} waits: a reply of the other contact is held for review."
        return " ".join(filter(None, (held, _given(stand, plan))))
    return _given(stand, plan)


def _given(stand: Stands, plan: Plan) -> str:
    """Say what comes of an opt-in of either."""
    if not stand.given:
        return ""
    if stand.after is State.OPTED_IN:
        return _opted_in(stand, plan)
    verb = "stays" if stand.ours is State.UNKNOWN else "becomes"
    becomes = f"{stand.channel.label} {verb} No record"
    if not any(one.stays for one in stand.given):
        first = stand.given[0].address.value
        return f"{becomes}: the opt-in was given for {first}, and goes along with no other address."
    silent = stand.silent[0]
    return (
        f"{becomes}: the {_named(silent)} has no consent on record, and the strictest of a"
        f" contact’s addresses counts.{_until(stand)}"
    )


def _opted_in(stand: Stands, plan: Plan) -> str:
    """Say by which address they are in, where that is news or not the one that is written to."""
    label, yes = stand.channel.label, next(one for one in stand.given if one.stays)
    number = plan.addresses.get(AddressKind.PHONE)
    to = next((one for one in stand.silent if one.address == number), None)
    if to is not None:
        return (
            f"{label} is Opted In by the {_named(yes)} alone. Messages go to the {_named(to)},"
            f" which has no consent on record.{_until(stand)}"
        )
    if stand.ours is State.OPTED_IN:
        return ""
    return f"{label} becomes Opted In by the {_named(yes)}."


def _named(one: Stays) -> str:
    return f"{KINDS[one.address.kind]} {one.address.value} of {one.of.display_name}"


def _until(stand: Stands) -> str:
    """Say whether marketing goes out by what is on record; nothing while a hold stops it anyway."""
    if stand.held:
        return ""
    label = stand.channel.label
    if policy(stand.channel).needs_opt_in:
        return f" No marketing goes out on {label} until an opt-in for it is recorded."
    return f" {label} needs no opt-in here, so marketing still goes out."
