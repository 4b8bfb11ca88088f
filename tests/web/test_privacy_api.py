"""DELETE /contacts/<id>, and that nobody comes back looser by the API, a page or an upload."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.ctx import AppContext

from tests.api_client import ApiClient, problem_of
from tests.people import NUMBER, add_contact, add_message, phone, record, state_of, status_of
from webapp.accounts.rules import Role
from webapp.contacts.rules import State
from webapp.core.db import db
from webapp.outbox.rules import Reason, Status

OTHER = "+16505559876"


@pytest.fixture
def api(app: Flask) -> ApiClient:
    return ApiClient(app)


def add(number: str = NUMBER) -> int:
    """Add a contact, with no transaction left open."""
    contact_id = add_contact(number).id
    db.session.rollback()
    return contact_id


def erase(api: ApiClient, contact_id: int, **options: str) -> dict[str, object]:
    answer = api.call("DELETE", f"/contacts/{contact_id}", **options)
    assert answer.status_code == 200
    body: dict[str, object] = answer.get_json()
    return body


def whatsapp(api: ApiClient, contact_id: int) -> str:
    shown = api.get(f"/contacts/{contact_id}").get_json()
    found: str = next(c["state"] for c in shown["consents"] if c["channel"] == "whatsapp")
    return found


def test_a_contact_is_erased_and_the_answer_says_what_went(
    context: AppContext, api: ApiClient
) -> None:
    contact = add()
    message = add_message(contact_id=contact).id
    said = erase(api, contact)
    assert said["contact_id"] == contact
    counts = said["erased"]
    assert isinstance(counts, dict)
    assert (counts["cancelled"], counts["messages"], counts["contacts"]) == (1, 1, 1)
    assert status_of(message) is Status.CANCELLED
    assert api.get(f"/messages/{message}").get_json()["reason"] == Reason.ERASED
    assert problem_of(api.get(f"/contacts/{contact}"))[0] == 404


def test_who_is_gone_is_404_and_a_repeat_with_its_key_is_the_first_answer(
    context: AppContext, api: ApiClient
) -> None:
    contact = add()
    first = erase(api, contact, key="k1")
    assert erase(api, contact, key="k1") == first
    assert problem_of(api.call("DELETE", f"/contacts/{contact}"))[:2] == (404, "not-found")


def test_only_an_admin_may_erase(context: AppContext, app: Flask) -> None:
    contact = add()
    for role in (Role.VIEWER, Role.MARKETER):
        answer = ApiClient(app, role).call("DELETE", f"/contacts/{contact}")
        assert answer.status_code == 403


def test_who_was_erased_comes_back_opted_out(context: AppContext, api: ApiClient) -> None:
    contact = add()
    record()
    erase(api, contact)
    again = api.post("/contacts", {"phone": NUMBER, "name": "Ann"})
    assert again.status_code == 201
    assert whatsapp(api, again.get_json()["id"]) == "opted_out"
    answer = api.post("/check", {"channel": "whatsapp", "address": NUMBER})
    assert answer.get_json()["allowed"] is False


def test_an_opt_in_without_evidence_does_not_bring_an_erased_person_back(
    context: AppContext, api: ApiClient
) -> None:
    contact = add()
    record()
    erase(api, contact)
    assert api.put_consent(NUMBER, "opted_in").status_code == 422
    assert state_of() is State.OPTED_OUT


def test_the_exclusion_list_and_its_file_name_the_key_alone(
    context: AppContext, app: Flask, api: ApiClient
) -> None:
    from tests.visitor import visitor, words

    contact = add()
    record()
    erase(api, contact)
    assert api.get("/opt-outs").get_json()["items"][0]["address"] is None
    admin = visitor(app, Role.ADMIN)
    assert "Erased person" in words(admin.get("/audience/exclusions"))
    file = admin.get("/audience/exclusions.csv").get_data(as_text=True)
    assert "Erased person, key " in file
    assert NUMBER not in file


def test_a_page_that_adds_an_erased_number_again_shows_it_opted_out(
    context: AppContext, app: Flask, api: ApiClient
) -> None:
    from webapp.accounts.rules import SYSTEM
    from webapp.consent.saving import create_contact
    from webapp.contacts.service import Draft
    from webapp.core.db import transaction

    contact = add()
    record()
    erase(api, contact)
    added = transaction(lambda: create_contact(Draft(name="Ann", phone=NUMBER), SYSTEM)).contact
    assert added.whatsapp_state is State.OPTED_OUT


def test_an_uploaded_list_of_old_opt_outs_changes_nothing_of_an_erased_person(
    context: AppContext, app: Flask, api: ApiClient
) -> None:
    contact = add()
    record()
    erase(api, contact)
    answer = api.bulk([{"channel": "whatsapp", "address": NUMBER, "state": "opted_in"}])
    assert '"opted_in"' not in answer.get_data(as_text=True)
    assert state_of() is State.OPTED_OUT


def test_the_number_that_a_merge_left_comes_back_as_it_was(
    context: AppContext, app: Flask, api: ApiClient
) -> None:
    from webapp.accounts.rules import SYSTEM
    from webapp.core.db import transaction
    from webapp.privacy.merging import merge

    ann, bea = add(), add(OTHER)
    record(address=phone(OTHER))
    transaction(lambda: merge(ann, bea, SYSTEM))
    again = api.post("/contacts", {"phone": OTHER})
    assert whatsapp(api, again.get_json()["id"]) == "opted_out"
    assert whatsapp(api, ann) == "opted_out"
