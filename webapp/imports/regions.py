"""Countries as lists name them: by code, by calling code, or by name in many languages; pure."""

from __future__ import annotations

from functools import cache

import phonenumbers

from webapp.imports.rules import Refused, clean
from webapp.imports.words import fold

OTHERS = {"uk": "GB", "usa": "US", "unitedstatesofamerica": "US", "england": "GB", "holland": "NL"}


def read_region(cell: str) -> str | None:
    """Read the country (ISO 3166) in a cell, None where it is empty. Raises Refused."""
    text = clean(cell)
    if not text:
        return None
    found = _regions().get(fold(text)) or _by_calling_code(text)
    if found is None:
        raise Refused(f"“{text[:40]}” is no country.")
    return found


def names_region(cell: str) -> bool:
    """Tell whether a cell names a country."""
    try:
        return read_region(cell) is not None
    except Refused:
        return False


def _by_calling_code(text: str) -> str | None:
    digits = text.removeprefix("+").removeprefix("00")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 3):
        return None
    region = phonenumbers.region_code_for_country_code(int(digits))
    return region if region in phonenumbers.SUPPORTED_REGIONS else None


@cache
def _regions() -> dict[str, str]:
    """Give each country by its folded code and by its folded name in every language."""
    # Its names are many and needed here alone.
    from phonenumbers.geodata.locale import LOCALE_DATA

    found: dict[str, str] = {}
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        found[region.lower()] = region
        for name in LOCALE_DATA.get(region, {}).values():
            if not name.startswith("*"):  # the same as in another language
                found.setdefault(fold(name), region)
    return {**OTHERS, **found}
