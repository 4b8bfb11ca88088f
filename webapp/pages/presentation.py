"""What every template may use: time and number filters, rights, and toasts."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import (
    Flask,
    Response,
    flash,
    g,
    get_flashed_messages,
    make_response,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from webapp.accounts.access import allowed, refusal
from webapp.accounts.rules import Right
from webapp.consent.foreseen import at_most
from webapp.contacts.rules import Channel, Source, State
from webapp.core.config import Config
from webapp.core.web import see_other, wants_fragment
from webapp.delivery.sentences import because, headline
from webapp.message_templates.rules import VARIABLE
from webapp.opportunities.rules import say_amount
from webapp.outbox.models import Message
from webapp.outbox.rules import Reason, reason_word
from webapp.pages.times import Times, day_element

TOAST = "toast"
EVENT = re.compile(r"\b((?:consent )?event [0-9]{1,18})\b")


def moment(value: datetime | None, empty: str = "") -> Markup | str:
    """Give a `<time>` that says a moment briefly in the reader's zone, exactly on hover."""
    return empty if value is None else Times.of_reader().moment(value)


def moment_within(value: datetime) -> Markup:
    """Say a moment as `moment` does, in a sentence: “until tomorrow 09:00”."""
    return Times.of_reader().moment(value, within=True)


def day(value: date | datetime | None, empty: str = "") -> Markup | str:
    """Give a `<time>` that says a date; a moment's date is that of the reader's zone."""
    if value is None:
        return empty
    return Times.of_reader().day(value) if isinstance(value, datetime) else day_element(value)


def evidence(value: str) -> Markup | str:
    """Show a part of the evidence; one that is a moment as a moment."""
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return value
    return moment(read) if read.tzinfo else value


def number(value: int | float | None, empty: str = "–") -> str:
    """Write a number with its thousands apart."""
    return empty if value is None else f"{value:,}"


def word(value: enum.StrEnum | str) -> str:
    """Write a word of the domain as people do: `no_answer` is “No answer”."""
    said = reason_word(value) if isinstance(value, Reason) else value.replace("_", " ")
    return {"api": "API"}.get(value, said.capitalize())


def source_word(value: Source | None) -> str:
    """Say how a consent change came in."""
    return value.label if value else ""


def sentence(message: Message, writer: str = "", canceller: str = "") -> Markup:
    """Say why a message is where it is; each consent event that it names links to its evidence.

    `writer` and `canceller` are the names of who wrote it and who cancelled it, if known.
    """
    known = (message.event_id, message.override_event_id)
    said = Markup("")
    for index, part in enumerate(EVENT.split(because(message, writer, canceller))):
        event_id = int(part.split()[-1]) if index % 2 else None
        if event_id and event_id in known:
            target = url_for("evidence.event", event_id=event_id)
            said += Markup('<a href="{}">{}</a>').format(target, part)
        else:
            said += part
    return said


def preview(body: str, variables: Mapping[str, str]) -> Markup:
    """Fill a template for show; each place of a variable is an element that a script can fill."""
    said = Markup("")
    for index, part in enumerate(VARIABLE.split(body)):
        if index % 2 == 0:
            said += escape(part)
        else:
            shown = variables.get(part) or f"{{{{{part}}}}}"
            said += Markup('<span class="slot" data-slot="{}">{}</span>').format(part, shown)
    return said


@dataclass(frozen=True)
class Undo:
    """A form that takes something back: where it is sent, with which fields."""

    action: str
    fields: Sequence[tuple[str, str]] = ()


def undo_of(event_ids: Sequence[int]) -> Undo | None:
    """Give what takes back these consent events; None where there are none."""
    if len(event_ids) == 1:
        return Undo(url_for("consents.undo", event_id=event_ids[0]))
    fields = [("event", str(event_id)) for event_id in event_ids]
    return Undo(url_for("consent_dialogs.undo"), fields) if fields else None


def toast(text: str, *, undo: int | Undo | None = None) -> None:
    """Say something on the answer to this request, or on the page it redirects to.

    `undo` is what an Undo button beside the text sends, or the one consent event that it takes
    back. A fragment that answers a change ends with `{% include "components/toasts.html" %}`,
    which delivers it.
    """
    back = undo_of([undo]) if isinstance(undo, int) else undo
    form = {"action": back.action, "fields": list(back.fields)} if back else None
    g.setdefault("toasts", []).append({"text": text, "undo": form})


def toasts() -> list[Any]:
    """Give what there is to say on this answer, and say it once."""
    return [*get_flashed_messages(category_filter=[TOAST]), *g.pop("toasts", ())]


def _keep_toasts(response: Response) -> Response:
    """Keep what this answer did not say for the next one, in the session."""
    for said in g.pop("toasts", ()):
        flash(said, TOAST)
    return response


def dialog_done(target: str, *, event: str = "heed:change") -> ResponseReturnValue:
    """Answer a form that did its work: close the dialog it stood in, or go to `target`.

    With htmx the toasts are delivered and the page hears `event`, on which its parts fetch
    themselves anew; otherwise it is a redirect.
    """
    if not wants_fragment():
        return see_other(target)
    answer = make_response(render_template("components/toasts.html"))
    answer.headers["HX-Trigger"] = f"dialog:close, {event}"
    return answer


def attributes(values: Mapping[str, Any]) -> Markup:
    """Write a macro's keyword arguments as attributes: `max_length=5` is `max-length="5"`."""
    said = Markup("")
    for name, value in values.items():
        dashed = name.rstrip("_").replace("_", "-")
        if value is True:
            said += Markup(" {}").format(dashed)
        elif value not in (None, False):
            said += Markup(' {}="{}"').format(dashed, value)
    return said


def init_app(app: Flask) -> None:
    """Give every template its filters and globals."""
    config: Config = app.extensions["heed"]
    app.jinja_env.filters.update(
        moment=moment,
        moment_within=moment_within,
        day=day,
        number=number,
        evidence=evidence,
        at_most=at_most,
        attributes=attributes,
        source=source_word,
        word=word,
        headline=headline,
        preview=preview,
        worth=lambda opportunity: say_amount(opportunity.amount, opportunity.currency),
    )
    app.after_request(_keep_toasts)
    app.jinja_env.globals.update(
        allowed=allowed,
        toasts=toasts,
        refusal=refusal,
        Right=Right,
        Channel=Channel,
        State=State,
        config_demo=config.demo,
        sandbox_url=config.sandbox_url if config.demo else "",
        has_page=lambda endpoint: endpoint in app.view_functions,
    )
