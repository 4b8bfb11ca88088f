"""A person's own pages, without sign-in: `/u/<token>` stops messages, `/p/<token>` shows what stands.

The token is the proof: it is signed, and only who was sent it has it. So these routes need no
CSRF token, which would need a cookie and would refuse a mail program's one-click request. Looking
changes nothing, since mail scanners follow every link. Nothing limits how often a valid token is
used: a limit never refuses a valid stop. One that is not valid costs no query.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import open_to_all, principal
from webapp.consent.models import ConsentEvent
from webapp.consent.service import settle
from webapp.contacts.models import Contact
from webapp.contacts.rules import AddressKind, Channel
from webapp.core.db import transaction
from webapp.core.errors import Forbidden, HeedError, Invalid
from webapp.core.web import see_other
from webapp.pages import links_evidence
from webapp.pages.links_words import Words
from webapp.receipts import allowing
from webapp.receipts.allowing import Stays
from webapp.receipts.links import PLACEHOLDER, links, receipt_url, without_tokens
from webapp.receipts.people import Person, person_of
from webapp.receipts.reading import reader_of
from webapp.receipts.stopping import Stopped, stop
from webapp.receipts.telling import preferences_of, receipt_of
from webapp.receipts.tokens import Purpose, Token

blueprint = Blueprint("links", __name__)

# Nothing but our own style: no script, and no other address is ever asked.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@blueprint.get("/u/<token>")
@open_to_all
def unsubscribe(token: str) -> ResponseReturnValue:
    """Show what the buttons do; looking changes nothing."""
    found = links().read(token)
    if found is None:
        return _unknown()
    return _page("unsubscribe", found)


@blueprint.post("/u/<token>")
@open_to_all
def stop_messages(token: str) -> ResponseReturnValue:
    """Stop the link's channel, or with `do=stop_all` everything; one-click requests get 200 (RFC 8058)."""
    found = links().read(token)
    if found is None:
        return _unknown()
    one_click = links_evidence.is_one_click(request.form)
    stopped = _stop(found, everything=request.form.get("do") == "stop_all" and not one_click)
    if one_click:
        return make_response("Unsubscribed.\n", 200, {"Content-Type": "text/plain; charset=utf-8"})
    return _page("preferences", stopped.receipt, stopped=True)


@blueprint.get("/p/<token>")
@open_to_all
def preferences(token: str) -> ResponseReturnValue:
    """Show a person's channels, and the receipt of a change."""
    found = links().read(token)
    if found is None:
        return _unknown()
    return _page("preferences", found)


@blueprint.post("/p/<token>")
@open_to_all
def choose(token: str) -> ResponseReturnValue:
    """Do what a button says: stop, stop_all, allow, undo, narrow. A stop is never refused."""
    found = links().read(token)
    if found is None:
        return _unknown()
    wanted = request.form.get("do", "")
    try:
        if wanted in ("allow", "undo", "narrow"):
            receipt = links().sign(_allow(found, wanted))
            return see_other(url_for("links.preferences", token=receipt))
        channel = None if wanted == "stop_all" else _channel(found)
        stopped = _stop(found, channel, everything=wanted == "stop_all")
        return _page("preferences", stopped.receipt, stopped=True)
    except Stays as error:
        problem = _words(person_of(found)).texts.whys[error.why]
        return _page("preferences", found, problem=problem), error.status
    except HeedError as error:
        return _page("preferences", found, problem=error.message), error.status


def _stop(token: Token, channel: Channel | None = None, *, everything: bool = False) -> Stopped:
    """Stop, and wait until nothing can leave any more."""
    person = person_of(token)
    channels = person.channels if everything else [channel or token.channel]
    named = None if everything else channels[0]
    said = links_evidence.stop_wording(_words(person), request.path, request.form, named)
    evidence = _evidence(person, said)
    stopped = transaction(lambda: stop(token, channels, evidence))
    settle(stopped.changes, also=stopped.places)
    return stopped


def _allow(token: Token, wanted: str) -> Token:
    """Allow messages as the person's own opt-in; gives the receipt of it."""
    person = person_of(token)
    words = _words(person)
    if refused := _refused(words):
        raise Forbidden(refused)
    channel = _channel(token) if wanted == "allow" else None
    evidence = _evidence(person, words.loosening(wanted))
    if channel is not None:
        changes = transaction(lambda: allowing.allow(token, channel, evidence))
    else:
        narrow = wanted == "narrow"
        changes = transaction(lambda: allowing.take_back(token, evidence, but_first=narrow))
    first = changes[0]
    return Token(Purpose.RECEIPT, first.channel, token.kind, token.key, first.event_id)


def _refused(words: Words) -> str:
    """Say why whoever asks may not allow anything: who is signed in is not the person. Else empty."""
    return words.texts.for_the_person if principal() is not None else ""


def _channel(token: Token) -> Channel:
    try:
        return Channel(request.form.get("channel", ""))
    except ValueError:
        said = _words(person_of(token)).texts.choose_channel
        raise Invalid(said, field="channel") from None


def _evidence(person: Person, wording: str) -> dict[str, str]:
    how = links_evidence.how(request.path, request.form)
    return links_evidence.evidence(person, how, _where(), wording)


def _where() -> str:
    """Name the page without its token, which would let whoever reads the evidence act by it."""
    return f"{links().public_url}{request.path[:2]}"


def _page(name: str, token: Token, *, problem: str = "", stopped: bool = False) -> Response:
    person = person_of(token)
    words = _words(person)
    page = render_template(
        f"links/{name}.html",
        token=token,
        person=person,
        signed=links().sign(token),
        words=words,
        texts=words.texts,
        rows=preferences_of(person),
        receipt=receipt_of(person),
        refused=_refused(words),
        problem=problem,
        stopped=stopped,
    )
    return make_response(page)


def _unknown() -> ResponseReturnValue:
    words = _words(None)
    return render_template("links/unknown.html", words=words, texts=words.texts), 404


def _words(person: Person | None) -> Words:
    """Give the words of the page: the contact's language, else what the browser asks for.

    A form says in which language it was shown: the evidence keeps its words, and so they are
    those of the answer too.
    """
    asked = [tag for tag, quality in request.accept_languages if quality > 0]
    return Words(reader_of(person, asked, request.form.get("language", "")))


@blueprint.after_request
def _private(response: Response) -> Response:
    """Keep the token from other sites, from search engines and from any cache; say what varies."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.vary.add("Accept-Language")
    return response


@blueprint.app_template_global("receipt_link")
def receipt_link(contact: Contact, event: ConsentEvent) -> str:
    """Give the link to a contact's receipt of one consent event."""
    kind = AddressKind.PHONE
    if event.channel is Channel.EMAIL:
        kind = AddressKind.EMAIL
    elif event.key == contact.whatsapp_id_key:
        kind = AddressKind.WHATSAPP_ID
    return receipt_url(event.channel, kind, event.key, event.id)


@blueprint.app_template_filter("with_sample_receipt")
def with_sample_receipt(text: str) -> str:
    """Show a reply with a link in its placeholder as people get it, shortened."""
    return text.replace(PLACEHOLDER, f"{links().public_url}/p/…")


blueprint.add_app_template_filter(without_tokens)
