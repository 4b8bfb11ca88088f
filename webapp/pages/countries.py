"""The countries of phone numbers, by name, for a choice in a form."""

from __future__ import annotations

from functools import cache

import phonenumbers

from webapp.contacts.folding import fold_name


@cache
def countries() -> list[tuple[str, str]]:
    """Give each country's code (ISO 3166) with its name and calling code, by alphabet."""
    # Its names are many and needed here alone.
    from phonenumbers.geodata.locale import LOCALE_DATA

    found = []
    for code in phonenumbers.SUPPORTED_REGIONS & LOCALE_DATA.keys():
        names = LOCALE_DATA[code]
        name = names["en"]
        name = names[name[1:]] if name.startswith("*") else name  # the same as in that language
        found.append((code, f"{name} (+{phonenumbers.country_code_for_region(code)})"))
    return sorted(found, key=lambda pair: fold_name(pair[1]))
