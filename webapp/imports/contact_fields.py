"""What a column of a list of contacts may hold, and guessing it; pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from webapp.contacts.attributes import Kind
from webapp.contacts.rules import Channel
from webapp.imports.columns import ADDRESS, DATE, MOST, NO_ADDRESS, Rows
from webapp.imports.regions import names_region
from webapp.imports.rules import clean, looks_addressed
from webapp.imports.words import ASKS_IN, ASKS_OUT, IN, NO, OUT, YES, fold

IGNORE = ""
NAME, FIRST_NAME, LAST_NAME = "name", "first_name", "last_name"
PHONE, WHATSAPP, EMAIL = "phone", "whatsapp", "email"
COUNTRY, TAGS = "country", "tags"
CONSENTS = "consent."
CONSENT = {f"{CONSENTS}{channel}": channel for channel in Channel}
CONSENT_ALL = f"{CONSENTS}all"
# The no's of a column that names no channel: they count for all, a yes for none until somebody
# says which it was for.
CONSENT_NO = f"{CONSENTS}no"
EVIDENCE = ("how", "when", "where", "wording")
EVIDENCE_FIELDS = tuple(f"evidence.{name}" for name in EVIDENCE)
NEW_KINDS = (Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.BOOLEAN)
ATTRIBUTE, NEW = "attr.", "new."
# What more than one column may be. Of several about consent the no of any counts.
SEVERAL = {IGNORE, TAGS, CONSENT_ALL, CONSENT_NO, *CONSENT}
PLAIN = frozenset(
    {NAME, FIRST_NAME, LAST_NAME, PHONE, WHATSAPP, EMAIL, COUNTRY, TAGS, CONSENT_ALL, CONSENT_NO}
    | CONSENT.keys()
    | set(EVIDENCE_FIELDS)
    | {IGNORE}
)

TITLES = (
    (FIRST_NAME, re.compile(r"^(firstname|givenname|forename|vorname|pr[ée]nom|nombres|imi[eę])$")),
    (
        LAST_NAME,
        re.compile(
            r"^(lastname|surname|familyname|nachname|familienname|apellidos?|cognome|sobrenome|"
            r"nomdefamille|nazwisko|achternaam)$"
        ),
    ),
    (
        NAME,
        re.compile(
            r"^(name|fullname|contactname|customername|displayname|contact|customer|kunde|nom|"
            r"nomcomplet|nombre|nombrecompleto|nome|nomecompleto|naam|namn|navn)$"
        ),
    ),
    (COUNTRY, re.compile(r"^(country|countrycode|land|l[äa]nderk?code|pays|pa[ií]s|paese|kraj)$")),
    (
        TAGS,
        re.compile(
            r"^(tags?|labels?|gruppen?|groups?|segments?|etiquetas?|[ée]tiquettes?|etichette|"
            r"schlagworte|schlagwörter|stichworte|lists?)$"
        ),
    ),
)
MAIL = re.compile(r"e?mail|correo|courriel")
BY_CHANNEL = (
    (Channel.EMAIL, re.compile(r"mail|newsletter|correo|courriel")),
    (Channel.SMS, re.compile(r"sms|mms|text(?!o)")),
    (
        Channel.WHATSAPP,
        re.compile(r"whatsapp|^wa(?=opt|consent)|(?:consent|opt(?:in|out))wa$"),
    ),
    (Channel.VOICE, re.compile(r"voice|call|phone|anruf|telefon|appel|llamada")),
)
ASKS = re.compile(r"permi|einverst|zustimm|consent|newsletter|marketing$")
HOW = re.compile(r"source|method|how|quelle|medium|fuente|origine")
WHERE = re.compile(r"where|place|url|page|ip$|form$|location|ort$|lieu|lugar")
WORDING = re.compile(r"wording|text$|statement|wortlaut")
DETAILS = (HOW, WHERE, WORDING, DATE)
# “Unsubscribe link” and the like are about no person's wish.
NO_CONSENT = re.compile(r"link|url|token|hash|count$|rate$")


def guess(
    rows: Rows, titles: Sequence[str], attributes: Sequence[tuple[str, str]]
) -> tuple[str, ...]:
    """Guess what each column holds, from its title and the first rows below.

    `attributes` are the names and labels of those that there are. What is not recognised is
    ignored, and said to be.
    """
    width = min(max([len(titles), *map(len, rows)], default=1), MOST)
    found: list[str] = [IGNORE] * width
    for target, looks in _guesses(attributes):
        for place in range(width):
            title = fold(titles[place]) if place < len(titles) else ""
            free = target in SEVERAL or target not in found
            if found[place] == IGNORE and free and looks(title, _cells(rows, place)):
                found[place] = target
    if FIRST_NAME in found and NAME in found and LAST_NAME not in found:
        found[found.index(NAME)] = LAST_NAME  # “Vorname” beside “Name”
    return tuple(found)


Looks = Callable[[str, Sequence[str]], bool]


def _guesses(attributes: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Looks]]:
    """Give what a column may be, each with what it looks like; the surest come first."""
    for name, pattern in (("how", HOW), ("where", WHERE), ("wording", WORDING), ("when", DATE)):
        yield f"evidence.{name}", _evidence(pattern)
    for field, channel in CONSENT.items():
        yield field, _consent(channel)
    yield CONSENT_NO, _consent(None)
    for name, label in attributes:
        yield f"{ATTRIBUTE}{name}", _called({fold(name), fold(label)})
    for field, pattern in TITLES:
        yield field, _titled(field, pattern)
    yield EMAIL, lambda title, cells: _share(cells, _is_email) > 0.5 or bool(MAIL.search(title))
    yield WHATSAPP, lambda title, cells: "whatsapp" in title and _share(cells, _is_number) > 0.5
    yield PHONE, _is_phone


def _called(words: set[str]) -> Looks:
    return lambda title, _: title in words


def _titled(field: str, pattern: re.Pattern[str]) -> Looks:
    def looks(title: str, cells: Sequence[str]) -> bool:
        return bool(pattern.search(title)) and (
            field != COUNTRY or not cells or _share(cells, names_region) > 0.3
        )

    return looks


def _evidence(pattern: re.Pattern[str]) -> Looks:
    """Look for a detail of a yes: never under a title that speaks of opting out."""

    def looks(title: str, cells: Sequence[str]) -> bool:
        detail = _asks(title) and not ASKS_OUT.search(title) and pattern.search(title)
        return bool(detail) and not _answers(cells)

    return looks


def _consent(channel: Channel | None) -> Looks:
    def looks(title: str, cells: Sequence[str]) -> bool:
        named = next((one for one, pattern in BY_CHANNEL if pattern.search(title)), None)
        return named is channel and (_asks_of_consent(title, cells) or _tells_states(cells))

    return looks


def _asks_of_consent(title: str, cells: Sequence[str]) -> bool:
    if NO_CONSENT.search(title):
        return False
    if ASKS_OUT.search(title):
        return True
    return _asks(title) and (_answers(cells) or not any(p.search(title) for p in DETAILS))


def _answers(cells: Sequence[str]) -> bool:
    """Tell whether cells say yes and no, whatever their title is."""
    return _share(cells, lambda cell: fold(cell) in IN | OUT | YES | NO) > 0.5


def _tells_states(cells: Sequence[str]) -> bool:
    """Tell whether cells say who is subscribed and who is not, whatever their title is.

    “in” and “active” can be said of other things; one must be like “unsubscribed”.
    """
    words = [fold(cell) for cell in cells]
    known = [word for word in words if word in IN | OUT]
    clear = any(ASKS_IN.search(word) or ASKS_OUT.search(word) for word in known)
    return clear and len(known) > len(words) / 2


def _asks(title: str) -> bool:
    return bool(ASKS_IN.search(title) or ASKS_OUT.search(title) or ASKS.search(title))


def _is_phone(title: str, cells: Sequence[str]) -> bool:
    if NO_ADDRESS.search(title):
        return False
    hint = bool(ADDRESS.search(title))
    return _share(cells, _is_number) > (0.3 if hint else 0.7) or (hint and not cells)


def _is_number(cell: str) -> bool:
    return "@" not in cell and sum(map(str.isdigit, cell)) >= 7 and looks_addressed(cell)


def _is_email(cell: str) -> bool:
    return "@" in cell


def _cells(rows: Rows, place: int) -> list[str]:
    return [row[place] for row in rows if place < len(row) and clean(row[place])]


def _share(cells: Sequence[str], looks: Callable[[str], bool]) -> float:
    return sum(map(looks, cells)) / len(cells) if cells else 0.0
