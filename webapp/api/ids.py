"""The `<id:...>` of a route: a positive number that fits a database's 64 bits."""

from __future__ import annotations

from werkzeug.routing import BaseConverter, ValidationError

LARGEST = 2**63 - 1


class IdConverter(BaseConverter):
    """Matches 1 to 2^63-1; anything else is not found, before a database is asked."""

    regex = r"[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        """Read the id."""
        if int(value) > LARGEST:
            raise ValidationError
        return int(value)
