"""The words and transitions of an outbound message; pure."""

from __future__ import annotations

import enum


class Category(enum.StrEnum):
    """What a message is for. It comes from its template; free text is marketing."""

    MARKETING = "marketing"
    UTILITY = "utility"
    AUTHENTICATION = "authentication"


class Origin(enum.StrEnum):
    """Why a message exists."""

    MANUAL = "manual"
    SCHEDULED = "scheduled"
    API = "api"
    AUTOMATION = "automation"
    CAMPAIGN = "campaign"
    CONFIRMATION = "confirmation"


class Status(enum.StrEnum):
    """Where a message is in its life."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    UNCONFIRMED = "unconfirmed"


class Reason(enum.StrEnum):
    """Why a message ended, or why it waits. Each has its sentence below."""

    OPTED_OUT = "opted_out"
    NO_RECORDED_OPT_IN = "no_recorded_opt_in"
    HELD_FOR_REVIEW = "held_for_review"
    HELD_AFTER_RESTORE = "held_after_restore"
    BEFORE_RESTORE = "before_restore"
    MANUAL_BLOCKED = "manual_blocked"
    BY_PERSON = "by_person"
    CONFIRMATION_LATE = "confirmation_late"
    CONFIRMATION_CAP = "confirmation_cap"
    PROVIDER_OPTED_OUT = "provider_opted_out"
    PROVIDER_REFUSED = "provider_refused"
    PROVIDER_BUSY = "provider_busy"
    PROVIDER_ACCOUNT = "provider_account"
    NO_ANSWER = "no_answer"
    WORKER_LOST = "worker_lost"
    GAVE_UP = "gave_up"
    CHANNEL_OFF = "channel_off"
    WINDOW_CLOSED = "window_closed"
    SAFE_MODE = "safe_mode"
    NO_ADDRESS = "no_address"
    ERASED = "erased"
    ADDRESS_CHANGED = "address_changed"


SENTENCES: dict[Reason, str] = {
    Reason.OPTED_OUT: "The person is opted out of this channel.",
    Reason.NO_RECORDED_OPT_IN: "This channel needs a recorded opt-in, and there is none.",
    Reason.HELD_FOR_REVIEW: "A reply that reads like a request to stop waits for a decision.",
    Reason.HELD_AFTER_RESTORE: (
        "A backup was restored: marketing waits until what was said since is taken in."
    ),
    Reason.BEFORE_RESTORE: "A backup was restored: it was due before, and may have been sent.",
    Reason.MANUAL_BLOCKED: "The account blocks sends by hand to people who opted out.",
    Reason.BY_PERSON: "Somebody cancelled it.",
    Reason.CONFIRMATION_LATE: "A confirmation leaves within five minutes or not at all.",
    Reason.CONFIRMATION_CAP: "Three confirmations a day is the most that one address gets.",
    Reason.PROVIDER_OPTED_OUT: "The provider says that the person stopped messages from you there.",
    Reason.PROVIDER_REFUSED: "The provider refused it.",
    Reason.PROVIDER_BUSY: "The provider asked to slow down; it is tried again.",
    Reason.PROVIDER_ACCOUNT: "The provider does not accept this account at the moment.",
    Reason.NO_ANSWER: "The provider's answer did not arrive, so it may have been sent.",
    Reason.WORKER_LOST: "The worker that was sending it ended, so it may have been sent.",
    Reason.GAVE_UP: "The provider did not take it, try after try.",
    Reason.CHANNEL_OFF: "The channel is not set up.",
    Reason.WINDOW_CLOSED: "Free text needs a message from the customer in the last 24 hours.",
    Reason.SAFE_MODE: "Safe mode lets messages go to listed addresses alone.",
    Reason.NO_ADDRESS: "The contact has no address on this channel.",
    Reason.ERASED: "The person was erased.",
    Reason.ADDRESS_CHANGED: "The address that it was for is not this person's any more.",
}

# Where the reason's own name is no word that people use beside a status.
_WORDS: dict[Reason, str] = {
    Reason.BY_PERSON: "by hand",
    Reason.MANUAL_BLOCKED: "sends by hand are blocked",
    Reason.WORKER_LOST: "the worker ended",
}


def reason_word(reason: Reason) -> str:
    """Say a reason in one or two words, as it stands after a status."""
    return _WORDS.get(reason) or reason.value.replace("_", " ")


ENDS = frozenset(
    {
        Status.SENT,
        Status.DELIVERED,
        Status.READ,
        Status.FAILED,
        Status.CANCELLED,
        Status.SKIPPED,
        Status.UNCONFIRMED,
    }
)

# What ended without the provider's word that it left, and the part of it that we stopped.
UNSENT = (Status.CANCELLED, Status.SKIPPED, Status.FAILED, Status.UNCONFIRMED)
STOPPED = (Status.CANCELLED, Status.SKIPPED)
# Why consent stops a message; a person's cancelling and a provider's refusing are not among them.
CONSENT_REASONS = (
    Reason.OPTED_OUT,
    Reason.NO_RECORDED_OPT_IN,
    Reason.HELD_FOR_REVIEW,
    Reason.MANUAL_BLOCKED,
)

# From each status, where a message may go. `sending` goes back to `scheduled` only where it is
# certain that the provider did not take it. A late status callback may mend `unconfirmed`, and
# even `failed`: delivered after failed has been seen where a person has several devices.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.SCHEDULED: frozenset({Status.SENDING, Status.CANCELLED, Status.SKIPPED, Status.FAILED}),
    Status.SENDING: frozenset(
        {
            Status.SCHEDULED,
            Status.SENT,
            Status.DELIVERED,
            Status.READ,
            Status.FAILED,
            Status.UNCONFIRMED,
        }
    ),
    Status.UNCONFIRMED: frozenset({Status.SENT, Status.DELIVERED, Status.READ, Status.FAILED}),
    Status.SENT: frozenset({Status.DELIVERED, Status.READ, Status.FAILED}),
    Status.DELIVERED: frozenset({Status.READ}),
    Status.FAILED: frozenset({Status.DELIVERED, Status.READ}),
    Status.READ: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.SKIPPED: frozenset(),
}


def sources_of(target: Status) -> list[Status]:
    """Give the statuses from which a message may become `target`."""
    return [status for status, targets in TRANSITIONS.items() if target in targets]


def job_id(message_id: int) -> str:
    """Give the stable id of a message's RQ job: scheduling it twice is harmless."""
    return f"send-{message_id}"
