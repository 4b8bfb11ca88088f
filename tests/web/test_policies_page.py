"""Consent policy: who may change it, what saving it says first, and what it does."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.people import add_contact, add_message, status_of
from tests.visitor import Visitor, visitor, words
from webapp.accounts import settings
from webapp.accounts.rules import Role
from webapp.consent.policies import Policies, load
from webapp.contacts.rules import Channel
from webapp.core.db import db, transaction
from webapp.outbox.rules import Status

PATH = "/settings/consent"


def stamp(admin: Visitor) -> str:
    found = re.search(r'name="stamp" value="([^"]*)"', admin.text(PATH))
    assert found
    return found[1]


def stored(app: Flask) -> Policies:
    with app.app_context():
        return load()


def form_of(policies: Policies, **more: str) -> dict[str, str]:
    """Give the form as a browser sends it: what is off is not in it."""
    found = {name: "1" for name, on in policies.flat().items() if on}
    return found | {"stamp": policies.stamp} | more


def test_the_defaults_stand_in_the_form(app: Flask) -> None:
    page = visitor(app, Role.ADMIN).text(PATH)
    on = set(re.findall(r'name="([^"]+)"\s+value="1"(?:\s+aria-[^>]*?)?\s+checked', page))
    assert on == {"email.exempts_utility", "whatsapp.exempts_utility"}


def test_every_choice_is_saved_and_can_be_taken_back(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    before = stored(app)
    everything = dict.fromkeys(before.flat(), "1")
    answer = admin.post(PATH, everything | {"stamp": before.stamp})
    assert answer.status_code == 303
    assert "Consent policy saved" in words(admin.get(PATH))
    assert all(stored(app).flat().values())
    assert admin.post(PATH, form_of(before, stamp=stamp(admin))).status_code == 303
    assert stored(app) == before


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MARKETER])
def test_others_read_it_and_cannot_change_it(app: Flask, role: Role) -> None:
    reader = visitor(app, role)
    page = reader.get(PATH)
    assert "Admins change these settings" in words(page)
    assert re.search(r"<fieldset[^>]*disabled", page.text)
    assert "Save</button>" not in page.text
    assert reader.post(PATH, form_of(stored(app))).status_code == 403


def test_saving_says_first_how_many_messages_it_cancels(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    with app.app_context():
        ids = [add_message().id for _ in range(2)]
    before = stored(app)
    form = form_of(before) | {"whatsapp.needs_opt_in": "1"}
    asked = admin.post(PATH, form)
    assert "2 waiting messages will be cancelled." in words(asked)
    assert "WhatsApp: Marketing needs a recorded opt-in: On" in words(asked)
    assert stored(app) == before
    agreed = re.search(r'name="agreed" value="([^"]+)"', asked.text)
    assert agreed
    assert admin.post(PATH, form | {"agreed": agreed[1]}).status_code == 303
    assert "2 waiting messages were cancelled." in words(admin.get(PATH))
    with app.app_context():
        assert {status_of(one) for one in ids} == {Status.CANCELLED}


def test_what_was_agreed_to_is_no_leave_for_more(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    with app.app_context():
        add_message()
        add_message(channel=Channel.SMS)
    form = form_of(stored(app)) | {"whatsapp.needs_opt_in": "1"}
    agreed = re.search(r'name="agreed" value="([^"]+)"', admin.post(PATH, form).text)
    assert agreed
    more = form | {"sms.needs_opt_in": "1", "agreed": agreed[1]}
    assert "2 waiting messages will be cancelled." in words(admin.post(PATH, more))
    assert not stored(app).channels[Channel.SMS].needs_opt_in


def test_a_colleague_s_change_in_between_is_said(app: Flask) -> None:
    first = visitor(app, Role.ADMIN, "first@heed.example")
    second = visitor(app, Role.ADMIN, "second@heed.example")
    before = stored(app)
    mine = form_of(before) | {"stop_on_one_stops_all": "1"}
    assert first.post(PATH, form_of(before) | {"manual_sends_blocked": "1"}).status_code == 303
    answer = second.post(PATH, mine)
    assert answer.status_code == 409
    assert "Somebody else changed the consent policy" in words(answer)
    assert "Sends by hand to people who opted out are blocked is On now" in words(answer)
    assert not stored(app).stop_on_one_stops_all
    again = mine | {"stamp": re.findall(r'name="stamp" value="([^"]*)"', answer.text)[0]}
    assert second.post(PATH, again).status_code == 303


def test_an_odd_form_changes_nothing(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    before = stored(app)
    assert admin.post(PATH, {"stamp": "<script>", "pager.needs_opt_in": "1"}).status_code == 409
    assert stored(app) == before


def test_the_limits_bind_the_very_next_request(app: Flask) -> None:
    admin, marketer = visitor(app, Role.ADMIN), visitor(app, Role.MARKETER)
    with app.app_context():
        contact_id = add_contact().id
    path, form = f"/contacts/{contact_id}/consents/whatsapp/opt-out", {"state": "opted_out"}
    limited = form_of(stored(app)) | {"only_admins_change_consent": "1"}
    assert admin.post(PATH, limited).status_code == 303
    assert marketer.post(path, form).status_code == 403
    with app.app_context():
        assert settings.consent_limits().only_admins_change_consent
        transaction(lambda: settings.write(settings.LIMITS, {}))
        db.session.rollback()
    assert marketer.post(path, form).status_code == 303
