"""Channels, addresses and their keys; pure functions."""

from __future__ import annotations

import enum
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from webapp.core.errors import Invalid


class Channel(enum.StrEnum):
    """Where a person can be reached, in the order in which pages list them."""

    EMAIL = "email"
    SMS = "sms"
    VOICE = "voice"
    WHATSAPP = "whatsapp"

    @property
    def label(self) -> str:
        """The channel's name as people write it."""
        return {"email": "Email", "sms": "SMS", "voice": "Voice", "whatsapp": "WhatsApp"}[self]


class State(enum.StrEnum):
    """The consent of one channel and address key."""

    OPTED_IN = "opted_in"
    OPTED_OUT = "opted_out"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The words that stand beside a toggle."""
        return {"opted_in": "Opted In", "opted_out": "Opted Out", "unknown": "No record"}[self]


class Source(enum.StrEnum):
    """How a consent change came in."""

    MANUAL = "manual"
    KEYWORD = "keyword"
    BUTTON = "button"
    LINK = "link"
    API = "api"
    IMPORT = "import"
    PROVIDER = "provider"
    REVIEW = "review"
    CORRECTION = "correction"

    @property
    def label(self) -> str:
        """How people call it."""
        return {"manual": "By hand", "api": "API"}.get(self, self.capitalize())


STRICTNESS = {State.OPTED_OUT: 2, State.UNKNOWN: 1, State.OPTED_IN: 0}


class AddressKind(enum.StrEnum):
    """What an address is; part of what its key is made from, so that kinds never mix."""

    PHONE = "phone"
    EMAIL = "email"
    WHATSAPP_ID = "whatsapp_id"


@dataclass(frozen=True)
class Address:
    """A normalised address: E.164, a case-folded email, or a business-scoped WhatsApp id."""

    kind: AddressKind
    value: str


# A business-scoped user id: country, a dot, at most 128 characters; "US.ENT." for a parent. The
# characters are taken widely: two ids must never fall together.
WHATSAPP_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9._-]{1,140}")
# A name before the @ that is written as it is, whatever the domain (RFC 5321: 64 characters).
PLAIN_LOCAL = re.compile(r"(?=.{1,64}$)[A-Za-z0-9_+'-]+(?:\.[A-Za-z0-9_+'-]+)*")
LONGEST_EMAIL = 200  # in plain letters; a domain may become longer as it is written
E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def phone_number(text: str, region: str | None = None) -> phonenumbers.PhoneNumber:
    """Read a phone number; `region` (ISO 3166) is for national forms. Raises Invalid.

    A number need only be possible, not assigned: ranges open faster than lists of them, and an
    opt-out must never be refused because a list is old.
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise Invalid(
            f"“{text}” is not a phone number. Write it with its country code, like +1 650 555 1234.",
            field="phone",
        )
    return number


def phone_address(text: str, region: str | None = None) -> Address:
    """Give a phone number as an address in E.164, read as `phone_number` does. Raises Invalid."""
    return dialled(phone_number(text, region))


def dialled(number: phonenumbers.PhoneNumber) -> Address:
    """Give a number that was read as an address."""
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Address(AddressKind.PHONE, value)


def email_address(text: str) -> Address:
    """Read an email address, case-folded as a whole. Raises Invalid."""
    text = text.strip()
    local, _, domain = text.rpartition("@")
    try:
        # Of a list most have a plain name, and many the same domain.
        plain = len(text) <= LONGEST_EMAIL and PLAIN_LOCAL.fullmatch(local)
        whole = f"{local}@{_domain(domain)}" if plain else _checked(text)
    except EmailNotValidError as error:
        raise Invalid(f"“{text}” is not an email address: {error}", field="email") from None
    return Address(AddressKind.EMAIL, whole.casefold())


def _checked(text: str) -> str:
    return validate_email(text, check_deliverability=False).normalized


@lru_cache(maxsize=4096)
def _domain(text: str) -> str:
    """Give the domain of an email address as it is written. Raises EmailNotValidError."""
    return validate_email(f"a@{text}", check_deliverability=False).domain


def parse_address(channel: Channel, text: str, region: str | None = None) -> Address:
    """Read what somebody wrote as an address on `channel`. Raises Invalid."""
    text = text.strip()
    if channel is Channel.EMAIL:
        return email_address(text)
    if channel is Channel.WHATSAPP and WHATSAPP_ID.fullmatch(text):
        return Address(AddressKind.WHATSAPP_ID, text)
    return phone_address(text, region)


def provider_address(text: str) -> Address:
    """Take an address as a provider wrote it: never refused, since it may carry a STOP."""
    if WHATSAPP_ID.fullmatch(text):
        return Address(AddressKind.WHATSAPP_ID, text)
    if "@" in text:
        return Address(AddressKind.EMAIL, text.strip().casefold())
    return Address(AddressKind.PHONE, "+" + re.sub(r"\D", "", text))


def channels_of(kind: AddressKind) -> tuple[Channel, ...]:
    """Give the channels that an address of this kind serves."""
    if kind is AddressKind.EMAIL:
        return (Channel.EMAIL,)
    if kind is AddressKind.WHATSAPP_ID:
        return (Channel.WHATSAPP,)
    return (Channel.SMS, Channel.VOICE, Channel.WHATSAPP)


def canonical(address: Address) -> str:
    """Give the one spelling of an address that its key is made from.

    WhatsApp reports some mobiles in an older form than the one they are dialled by: Mexico with
    a 1 after +52 and Brazil without the ninth digit. Both are the same line, so a STOP from one
    spelling must find the other.
    """
    value = address.value
    if address.kind is not AddressKind.PHONE or not value.startswith(("+52", "+55")):
        return value
    if re.fullmatch(r"\+521\d{10}", value):
        return "+52" + value[4:]
    if re.fullmatch(r"\+55[1-9]\d[6-9]\d{7}", value):
        return value[:5] + "9" + value[5:]
    return value


@lru_cache(maxsize=256)  # one change asks for the same few again and again
def address_key(address: Address, account_key: str) -> bytes:
    """Give the 32 bytes that stand for an address: HMAC-SHA-256 under an account key."""
    said = f"{address.kind}:{canonical(address)}".encode()
    return hmac.digest(account_key.encode(), said, "sha256")


def stricter(states: list[State]) -> State:
    """Of the states of one person's addresses on a channel, give the one that counts."""
    return max(states, key=STRICTNESS.__getitem__, default=State.UNKNOWN)


class HasAddresses(Protocol):
    """What a contact, read in whatever form, tells of who it is and where it is reached."""

    @property
    def id(self) -> int:
        """The contact's id."""

    @property
    def name(self) -> str:
        """The person's name; it may be empty."""

    @property
    def phone(self) -> str | None:
        """The number, in E.164."""

    @property
    def email(self) -> str | None:
        """The email address, case-folded."""

    @property
    def whatsapp_id(self) -> str | None:
        """The business-scoped WhatsApp id."""

    @property
    def phone_key(self) -> bytes | None:
        """The key of the number."""

    @property
    def email_key(self) -> bytes | None:
        """The key of the email address."""

    @property
    def whatsapp_id_key(self) -> bytes | None:
        """The key of the WhatsApp id."""


class Addressed:
    """What follows from somebody's addresses; for classes that have them."""

    __slots__ = ()

    def address(self: HasAddresses, channel: Channel) -> str | None:
        """Give where `channel` reaches this person: the number first, then the WhatsApp id."""
        if channel is Channel.EMAIL:
            return self.email
        return self.phone or (self.whatsapp_id if channel is Channel.WHATSAPP else None)

    def keys(self: HasAddresses, channel: Channel) -> list[bytes]:
        """Give every key under which this person can be reached on `channel`."""
        keys = [self.email_key] if channel is Channel.EMAIL else [self.phone_key]
        if channel is Channel.WHATSAPP:
            keys.append(self.whatsapp_id_key)
        return [key for key in keys if key]

    def address_of(self: HasAddresses, key: bytes) -> str:
        """Give which of this person's addresses a key stands for; empty where none does."""
        pairs = (
            (self.phone_key, self.phone),
            (self.email_key, self.email),
            (self.whatsapp_id_key, self.whatsapp_id),
        )
        return next((value or "" for held, value in pairs if held == key), "")

    @property
    def display_name(self: HasAddresses) -> str:
        """Give something to call this person by, never empty."""
        return self.name or self.phone or self.email or self.whatsapp_id or f"Contact {self.id}"
