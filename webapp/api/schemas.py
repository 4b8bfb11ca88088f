"""What several calls share: the models' base, pages, and the parts that recur."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from webapp.accounts.rules import ActorKind
from webapp.contacts.rules import Channel, Source, State
from webapp.core.web import LARGEST_ID

MOST_A_PAGE = 200

Id = Annotated[int, Field(strict=True, ge=1, le=LARGEST_ID)]


class Body(BaseModel):
    """What a caller sends. A field that nobody knows is refused: a typo must not be a default."""

    model_config = ConfigDict(extra="forbid")


class Query(BaseModel):
    """The parameters of a list. One that nobody knows is refused: a typo must not widen a list."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """What we send. Built from rows by attribute."""

    model_config = ConfigDict(from_attributes=True)


class Paged(Query):
    """A place in a list: the `next_cursor` of the page before, and how many items to give.

    More than the most that a page holds asks for as many as it does.
    """

    cursor: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1), AfterValidator(lambda n: min(n, MOST_A_PAGE))] = 50


class Items(Answer):
    """A page of a list; `next_cursor` is null on the last one."""

    next_cursor: str | None


class ConsentState(Answer):
    """What stands on one channel."""

    channel: Channel
    state: State
    since: datetime | None
    source: Source | None
    held: bool


class Doer(Answer):
    """Who did something: a user or a token by id, the contact, the provider, or Heed itself."""

    kind: ActorKind
    id: int | None


class Problem(Answer):
    """RFC 9457 problem details; `field` names the input at fault, `errors` lists them all."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    errors: list[dict[str, str]] | None = None
