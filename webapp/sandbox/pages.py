"""The phones, to look at and to answer with. Every form works without JavaScript."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.sandbox import people, queries, queue, texts
from webapp.sandbox.graph_errors import title_of
from webapp.sandbox.identity import digits, is_number, pretty
from webapp.sandbox.notices import DISPLAY_NUMBER
from webapp.sandbox.state import sandbox

blueprint = Blueprint("phones", __name__)
LONGEST_TEXT = 4096


@blueprint.get("/")
def index() -> str:
    """List the phones."""
    return _list()


@blueprint.post("/phones")
def open_phone() -> AnyResponse | tuple[str, int]:
    """Take up the phone of any number."""
    number = request.form.get("number", "").strip()
    if not is_number(number):
        problem = "Write the number with its country code, like +1 650 555 1234."
        return _list(problem=problem, number=number), 422
    with sandbox().store.write() as db:
        people.open_phone(db, digits(number), request.form.get("name", "").strip())
    return redirect(url_for("phones.show", number=digits(number)), 303)


def _list(**more: str) -> str:
    search, page = request.args.get("q", ""), max(request.args.get("page", 1, type=int), 1)
    with sandbox().store.read() as db:
        found, count = queries.phones(db, search, page)
    return render_template(
        "sandbox/phones.html",
        phones=found,
        count=count,
        search=search,
        page=page,
        last_page=max((count - 1) // queries.PAGE + 1, 1),
        **more,
    )


@blueprint.get("/phone/<number>")
def show(number: str) -> str:
    """Show a phone, of any number; whoever looks has read what is there."""
    if is_number(number):
        with sandbox().store.write() as db:
            people.open_phone(db, digits(number), "")
    return render_template("sandbox/phone.html", **_chat(number))


@blueprint.get("/phone/<number>/chat")
def show_chat(number: str) -> str | tuple[str, int]:
    """Show the chat alone, if it is newer than the version `seen`; for the page that polls."""
    chat = _chat(number)
    return ("", 204) if request.args.get("seen") == chat["seen"] else _fragment(chat)


def _fragment(chat: dict[str, Any]) -> str:
    """Render the chat, and what stands beside the phone, to be put in their places."""
    facts = render_template("sandbox/_facts.html", swap=True, **chat)
    return render_template("sandbox/_chat.html", **chat) + facts


def _chat(number: str) -> dict[str, Any]:
    parts = sandbox()
    with parts.store.read() as db:
        phone = people.find_phone(db, number) or abort(404)
        unread = queries.has_unread(db, phone["id"])
    if unread:
        with parts.store.write() as db:
            people.read_all(db, parts.business, phone)
        parts.deliveries.wake()
    with parts.store.read() as db:
        waiting, problem = queue.waiting(db)
        return {
            "phone": queries.phone_view(phone),
            "messages": queries.thread(db, phone["id"]),
            "seen": f"{phone['version']}.{waiting}",
            "waiting": waiting,
            "problem": problem,
            "callback": parts.deliveries.callback,
            "business": pretty(DISPLAY_NUMBER),
            "sms_stopped": texts.stopped(db, phone["id"]),
        }


@blueprint.post("/phone/<number>/write")
def write(number: str) -> AnyResponse:
    """Write as this person."""
    text = request.form.get("text", "").strip()[:LONGEST_TEXT]
    return _do(number, lambda db, business, phone: text and people.write(db, business, phone, text))


@blueprint.post("/phone/<number>/tap")
def tap(number: str) -> AnyResponse:
    """Tap a button: `button` is a place, a colon, and the message's id."""
    place, _, wamid = request.form.get("button", "").partition(":")

    def tapped(db: Any, business: Any, phone: dict[str, Any]) -> None:
        message = queries.message(db, wamid)
        buttons = message["detail"].get("buttons", []) if message else []
        if not message or not place.isdecimal() or int(place) >= len(buttons):
            abort(404)
        people.tap(db, business, phone, message, buttons[int(place)])

    return _do(number, tapped)


@blueprint.post("/phone/<number>/marketing")
def marketing(number: str) -> AnyResponse:
    """Use WhatsApp's own switch for marketing messages."""
    value = request.form.get("value", "")
    if value not in ("stop", "resume"):
        abort(400)
    return _do(number, lambda db, who, phone: people.choose_marketing(db, who, phone, value))


@blueprint.post("/phone/<number>/sms")
def sms(number: str) -> AnyResponse:
    """Answer by SMS as this person."""
    text = request.form.get("text", "").strip()[:LONGEST_TEXT]
    return _do(number, lambda db, who, phone: text and texts.write(db, phone, text))


@blueprint.post("/phone/<number>/privacy")
def privacy(number: str) -> AnyResponse:
    """Hide this person's number from the business, or show it again."""
    hidden = request.form.get("hidden") == "1"
    return _do(number, lambda db, who, phone: people.hide_number(db, phone, hidden))


def _do(number: str, act: Any) -> AnyResponse:
    """Do something as a person, then show the phone: the chat alone where only that is asked."""
    parts = sandbox()
    with parts.store.write() as db:
        phone = people.find_phone(db, number) or abort(404)
        act(db, parts.business, phone)
    parts.deliveries.wake()
    if request.headers.get("HX-Request") == "true":
        return Response(_fragment(_chat(number)))
    return redirect(url_for("phones.show", number=number), 303)


@blueprint.app_template_filter("clock")
def clock(moment: Any) -> str:
    """Write a time of day, in UTC; the page's script puts it in the reader's zone."""
    return f"{moment:%H:%M}"


blueprint.add_app_template_filter(title_of, "error_title")
