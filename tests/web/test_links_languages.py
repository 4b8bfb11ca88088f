"""A person's pages in their own language and zone, and for colleagues who are signed in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.people import add_contact, all_events, phone, record
from tests.visitor import visitor, words
from tests.web.test_links import ann, detail, preferences, receipt, stopped, unsubscribe
from webapp.accounts.rules import CUSTOMER, Role
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Source
from webapp.core.db import db
from webapp.receipts.languages import LANGUAGES
from webapp.receipts.languages.en import ENGLISH

pytestmark = pytest.mark.usefixtures("context")
NOON = datetime(2026, 5, 3, 14, 32, 5, tzinfo=UTC)


def asks(languages: str) -> dict[str, Any]:
    return {"headers": {"Accept-Language": languages}}


def brazilian(**more: Any) -> Address:
    """Add a contact with a number of São Paulo, and give the number."""
    number = Address(AddressKind.PHONE, "+5511961234567")
    add_contact(number.value, **more)
    return number


def test_a_page_speaks_the_language_that_the_browser_asks_for(client: FlaskClient) -> None:
    add_contact()
    answer = client.get(unsubscribe(), **asks("pt-BR,pt;q=0.9,en;q=0.5"))
    assert '<html lang="pt" dir="ltr">' in answer.text
    assert "Parar mensagens por WhatsApp?" in words(answer)
    assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [("de-AT,en;q=0.5", "de"), ("en;q=0.5,fr-CA", "fr"), ("ja,it-CH;q=0.9,en;q=0.8", "it")],
)
def test_the_preferred_language_counts_though_another_is_named_exactly(
    client: FlaskClient, asked: str, code: str
) -> None:
    add_contact()
    assert f'<html lang="{code}"' in client.get(unsubscribe(), **asks(asked)).text


def test_a_language_that_the_browser_refuses_is_not_spoken(client: FlaskClient) -> None:
    add_contact()
    assert '<html lang="en"' in client.get(unsubscribe(), **asks("ja,de;q=0")).text


@pytest.mark.parametrize("asked", ["", "ja", "*", "ja, *;q=0.5", "-", "en;q=x"])
def test_whoever_asks_for_none_of_ours_reads_english(client: FlaskClient, asked: str) -> None:
    add_contact()
    answer = client.get(unsubscribe(), **asks(asked))
    assert '<html lang="en" dir="ltr">' in answer.text


@pytest.mark.parametrize("known", ["German", "de", "Deutsch", "de-AT"])
def test_the_contacts_own_language_comes_before_the_browsers(
    client: FlaskClient, known: str
) -> None:
    add_contact(attributes={"language": known})
    answer = client.get(unsubscribe(), **asks("fr"))
    assert '<html lang="de"' in answer.text
    assert "Nachrichten per WhatsApp stoppen?" in words(answer)


@pytest.mark.parametrize("known", ["Japanese", 7, None, ""])
def test_a_language_of_the_contacts_that_is_none_of_ours_leaves_the_browsers(
    client: FlaskClient, known: Any
) -> None:
    add_contact(attributes={"language": known})
    assert '<html lang="fr"' in client.get(unsubscribe(), **asks("fr-CA")).text


def test_arabic_runs_from_the_right_and_sets_numbers_apart(client: FlaskClient) -> None:
    add_contact()
    answer = client.get(unsubscribe(), **asks("ar"))
    assert '<html lang="ar" dir="rtl">' in answer.text
    assert '<bdi class="address" dir="ltr">+1 ••• ••34</bdi>' in answer.text


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_no_page_mixes_english_into_another_language(client: FlaskClient, code: str) -> None:
    ann()
    event = stopped()
    looks = [unsubscribe(), preferences(unsubscribe()), receipt(event), "/u/x", "/p/x"]
    shown = [words(client.get(path, **asks(code))) for path in looks]
    shown.append(words(client.post(unsubscribe(), data={"do": "stop_all"}, **asks(code))))
    shown.append(words(client.post(receipt(event), data={"do": "undo"}, **asks(code))))
    english = [
        ENGLISH.stop_everything,
        ENGLISH.preferences,
        ENGLISH.not_you,
        ENGLISH.unknown,
        "Messages from",
        "messages are",
        "Stopped",
        "When",
        "Voice",
        "another address",
    ]
    for said in shown:
        assert not [text for text in english if text in said], said
        assert "{" not in said


def test_a_refusal_is_said_in_the_readers_language(client: FlaskClient) -> None:
    add_contact()
    event = stopped()
    assert client.post(receipt(event), data={"do": "undo"}).status_code == 303
    answer = client.post(receipt(event), data={"do": "undo"}, **asks("es"))
    assert answer.status_code == 409
    assert "ya están permitidos de nuevo" in words(answer)
    without = client.post(receipt(event), data={"do": "stop"}, **asks("es"))
    assert without.status_code == 422
    assert "Elija un canal." in words(without)


def test_the_evidence_keeps_the_words_that_were_shown(client: FlaskClient) -> None:
    add_contact()
    client.post(unsubscribe(), data={"do": "stop"}, **asks("pt"))
    assert detail(all_events()[0]).evidence["wording"].startswith("Parar mensagens por WhatsApp: ")
    client.post(receipt(all_events()[0]), data={"do": "undo"}, **asks("de"))
    assert detail(all_events()[-1]).evidence["wording"].startswith("Das war ich nicht, oder ")


def test_a_form_says_in_which_language_it_was_shown_and_the_evidence_keeps_that(
    client: FlaskClient,
) -> None:
    number = add_contact().id
    shown = client.get(unsubscribe(), **asks("pt")).text
    forms = shown.split("<form")[1:]
    assert forms
    assert all('name="language" value="pt"' in form.partition("</form>")[0] for form in forms)
    db.session.get_one(Contact, number).attributes = {"language": "de"}  # known only by now
    db.session.commit()
    answer = client.post(unsubscribe(), data={"do": "stop", "language": "pt"}, **asks("fr"))
    assert '<html lang="pt"' in answer.text
    assert detail(all_events()[0]).evidence["wording"].startswith("Parar mensagens por WhatsApp: ")
    form = {"do": "undo", "language": "pt"}
    assert client.post(receipt(all_events()[0]), data=form).status_code == 303
    assert detail(all_events()[-1]).evidence["wording"].startswith("Não fui eu, ou mudei ")


def test_a_form_in_a_language_that_is_none_of_ours_goes_by_the_reader(client: FlaskClient) -> None:
    add_contact()
    answer = client.post(unsubscribe(), data={"do": "stop", "language": "xx"}, **asks("fr"))
    assert '<html lang="fr"' in answer.text
    assert detail(all_events()[0]).evidence["wording"].startswith("Arrêter ")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_title_names_the_business_only_where_it_has_a_name(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    add_contact()
    for sender, named in (("Shop <a@shop.example>", " · Shop"), ("a@shop.example", "")):
        given = {"email_from": sender, "public_url": "http://localhost"}
        config = app.extensions["heed"].model_copy(update=given)
        monkeypatch.setitem(app.extensions, "heed", config)
        title = client.get("/u/x", **asks(code)).text.partition("<title>")[2].partition("</")[0]
        assert title == LANGUAGES[code].unknown + named


def test_times_are_those_of_the_only_zone_that_the_number_has(client: FlaskClient) -> None:
    number = brazilian()
    record(address=number, at=NOON, source=Source.KEYWORD, actor=CUSTOMER)
    said = words(client.get(receipt(all_events()[-1]), **asks("pt-BR")))
    assert "3 de maio de 2026, 11:32:05 (Horário Padrão de Brasília)" in said


def test_the_contacts_own_zone_comes_before_that_of_the_number(client: FlaskClient) -> None:
    number = brazilian(attributes={"time_zone": "Europe/Lisbon"})
    record(address=number, at=NOON, source=Source.KEYWORD, actor=CUSTOMER)
    said = words(client.get(receipt(all_events()[-1]), **asks("pt")))
    assert "15:32:05 (" in said
    assert "Europa Ocidental" in said


def test_a_number_of_several_zones_and_a_zone_that_is_none_say_utc(client: FlaskClient) -> None:
    toll_free = Address(AddressKind.PHONE, "+18005550123")
    add_contact(toll_free.value, attributes={"time_zone": "Mars/North"})
    record(address=toll_free, at=NOON, source=Source.KEYWORD, actor=CUSTOMER)
    said = words(client.get(receipt(all_events()[-1])))
    assert "14:32:05 (Coordinated Universal Time)" in said


def test_an_address_that_is_nobodys_reads_as_its_browser_asks(client: FlaskClient) -> None:
    answer = client.get(unsubscribe(), **asks("it"))
    assert '<html lang="it"' in answer.text
    assert words(client.post(unsubscribe(), **asks("it")))


@pytest.mark.parametrize("role", Role)
def test_a_colleague_sees_that_only_the_person_allows_messages_here(
    app: Flask, client: FlaskClient, role: Role
) -> None:
    add_contact()
    event = stopped()
    record(address=phone(), at=event.effective_at, channel=event.channel)
    colleague = visitor(app, role)
    for path in (preferences(unsubscribe()), receipt(event)):
        page = colleague.get(path)
        assert "Only the person allows messages here" in words(page)
        allowing = [part for part in page.text.split("<form")[1:] if 'value="allow"' in part]
        assert allowing
        for form in [*allowing, *(p for p in page.text.split("<form")[1:] if 'value="undo"' in p)]:
            button = form.partition("<button")[2].partition(">")[0]
            assert "disabled" in button
            assert "refused" in button
        stops = [part for part in page.text.split("<form")[1:] if 'value="stop"' in part]
        assert all("disabled" not in form.partition("</button>")[0] for form in stops)
        own = client.get(path)
        assert "signed in" not in words(own)
        assert "disabled" not in own.text
    answer = colleague.post(receipt(event), {"do": "allow", "channel": "whatsapp"})
    assert answer.status_code == 403
    assert words(answer).count("Only the person allows messages here") == 1
