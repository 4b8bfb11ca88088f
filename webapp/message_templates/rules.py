"""Filling a template's variables; pure."""

from __future__ import annotations

import re

from webapp.core.errors import Invalid

VARIABLE = re.compile(r"\{\{(\d{1,2})\}\}")
SUBJECT = "subject"  # beside the numbered variables of a message: what an email is headed


def variable_names(body: str) -> list[str]:
    """Give the numbers of the variables in `body`, each once, in rising order."""
    return sorted(set(VARIABLE.findall(body)), key=int)


def render(body: str, variables: dict[str, str]) -> str:
    """Fill `body`; a missing or empty variable raises Invalid, since the provider refuses it."""
    for name in variable_names(body):
        if not str(variables.get(name, "")).strip():
            raise Invalid(
                f"The template needs a value for {{{{{name}}}}}.", field=f"variable_{name}"
            )
    return VARIABLE.sub(lambda found: str(variables[found.group(1)]), body)
