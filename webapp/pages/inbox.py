"""The inbox: conversations with customers, and the thread of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from webapp.accounts.access import requires
from webapp.accounts.rules import Right
from webapp.core.web import page_or_fragment, read_id, wants_fragment
from webapp.events.service import change_number
from webapp.inbox import thread as threads
from webapp.inbox.items import Item, Said
from webapp.inbox.listing import COUNT_AT_MOST, count_unread
from webapp.inbox.talks import talk_of
from webapp.inbox.writing import answer_form
from webapp.outbox.models import Message
from webapp.pages.decisions import decisions_of
from webapp.pages.inbox_view import CHOICES, TalkView, list_view, talk_view
from webapp.pages.inbox_words import template_words, words_of_thread

blueprint = Blueprint("inbox", __name__)
blueprint.context_processor(lambda: dict(template_words()))


@blueprint.get("/inbox")
@requires(Right.SEE)
def show() -> ResponseReturnValue:
    """Show the conversations; the list alone for htmx."""
    number, view = change_number(), list_view()
    return page_or_fragment(
        "inbox/page.html",
        "inbox/list.html",
        change_number=number,
        view=view,
        choices=CHOICES,
        talk=None,
    )


@blueprint.get("/inbox/list")
@requires(Right.SEE)
def rows() -> ResponseReturnValue:
    """Give the list alone, beside the conversation that is open."""
    view = list_view(read_id(request.args.get("here", "")))
    answer = make_response(render_template("inbox/list.html", view=view))
    if "typed" in request.args:
        answer.headers["HX-Replace-Url"] = view.page_url
    return answer


@blueprint.get("/inbox/count")
@requires(Right.SEE, reads=True)
def count() -> ResponseReturnValue:
    """Give how many conversations have something unread, for the menu; nothing where none has."""
    found = count_unread()
    return f"{COUNT_AT_MOST:,}+" if found > COUNT_AT_MOST else f"{found:,}" if found else ""


@blueprint.get("/inbox/<id:conversation_id>")
@requires(Right.SEE)
def thread(conversation_id: int) -> ResponseReturnValue:
    """Show a conversation beside the list; for htmx the conversation, and the list with its mark."""
    number, view = change_number(), list_view(conversation_id)
    talk = talk_view(talk_of(conversation_id))
    return page_or_fragment(
        "inbox/page.html",
        "inbox/opened.html",
        change_number=number,
        view=view,
        choices=CHOICES,
        **shown(talk),
    )


@blueprint.get("/inbox/<id:conversation_id>/earlier")
@requires(Right.SEE)
def earlier(conversation_id: int) -> ResponseReturnValue:
    """Give the messages before those that are shown; without htmx as the conversation's page."""
    if not wants_fragment():
        return thread(conversation_id)
    talk = talk_of(conversation_id)
    part = threads.earlier(talk.row, request.args.get("before", ""))
    return render_template(
        "inbox/earlier.html",
        talk={"talk": talk},
        part=part,
        words=words_of_thread(part.items),
        decisions=_decisions(part.items),
    )


@blueprint.get("/inbox/<id:conversation_id>/live")
@requires(Right.SEE)
def live(conversation_id: int) -> Response:
    """Give the parts that change by themselves; what somebody is filling in is left alone."""
    talk = talk_view(talk_of(conversation_id))
    return make_response(
        render_template(
            "inbox/live.html",
            mode=request.args.get("mode", ""),
            editing="editing" in request.args,
            **shown(talk),
        )
    )


def shown(
    talk: TalkView, errors: dict[str, str] | None = None, *, empty: bool = False
) -> dict[str, Any]:
    """Give what the templates of a conversation need; the composer `empty`, or as it was sent."""
    return {
        "talk": talk,
        "words": words_of_thread(talk.part.items),
        "decisions": _decisions(talk.part.items, talk.waiting),
        "form": answer_form(talk.talk, {} if empty else request.values, errors),
        "anyway": None,
    }


def _decisions(items: Sequence[Item], more: Sequence[Message] = ()) -> dict[int, Markup]:
    """Say of the messages of a thread why each is where it is."""
    return decisions_of([*(item.message for item in items if isinstance(item, Said)), *more])
