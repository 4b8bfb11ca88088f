"""People who are hard on pages, files and searches, a few places behind the newest ones."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.contacts.rules import AddressKind


@dataclass(frozen=True)
class HardCase:
    """What is hard about somebody: a name (None: an ordinary one) or a single address."""

    name: str | None = None
    called: str = ""
    only: AddressKind | None = None


FIRST_AT = 6
APART = 9
HARD_CASES = (
    HardCase("O'Brien <script>alert(1)</script>", "O'Brien"),
    HardCase(only=AddressKind.EMAIL),
    HardCase("محمد عبد الرحمن (VIP) 2", "محمد"),
    HardCase(
        "Wolfeschlegelsteinhausenbergerdorff-Kamehameha Keihanaikukauakahihuliheekahaunaele"
        " von Hohenlohe-Waldenburg-Schillingsfürst und zu Löwenstein-Wertheim-Freudenberg"
        " Etxeberria-Goikoetxea",
        "Wolfe",
    ),
    HardCase("", ""),
    HardCase(only=AddressKind.PHONE),
    HardCase("🌻 Zoë 👩🏽‍🍳 Café Ñandú ☕️", "Zoë"),
    HardCase("", "", only=AddressKind.EMAIL),
    HardCase('=HYPERLINK("https://example.com";"Click")', "Click"),
    HardCase("שירה בן־דוד", "שירה"),
    HardCase("Ana\u0301 Bele\u0301n 'Bobby'; DROP TABLE contacts;--", "Ana\u0301"),
    HardCase(only=AddressKind.WHATSAPP_ID),
    HardCase("NULL", "NULL"),
    HardCase("สมชาย ใจดี", "สมชาย"),
)


def hard_case(from_the_end: int) -> HardCase | None:
    """Give the hard case at a place counted from the newest contact, which is 0."""
    which, rest = divmod(from_the_end - FIRST_AT, APART)
    return HARD_CASES[which] if rest == 0 and 0 <= which < len(HARD_CASES) else None
