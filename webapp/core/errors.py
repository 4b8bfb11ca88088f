"""Errors that a door turns into an answer; rooms raise them, doors never build their own."""

from __future__ import annotations


class HeedError(Exception):
    """Something the caller can understand and mend.

    `message` is a sentence for a person. `kind` is a stable word for machines: the last part of
    the problem type in the API. `field` names the input at fault, where there is one.
    """

    status = 400
    kind = "bad-request"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Invalid(HeedError):
    """An input cannot be accepted as it is."""

    status = 422
    kind = "invalid"


class NotFound(HeedError):
    """What was asked for is not there."""

    status = 404
    kind = "not-found"


class Conflict(HeedError):
    """The wish contradicts what stands."""

    status = 409
    kind = "conflict"


class Forbidden(HeedError):
    """The caller's role does not allow it."""

    status = 403
    kind = "forbidden"
