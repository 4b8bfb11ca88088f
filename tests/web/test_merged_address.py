"""The old address of a contact who was merged into another."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.people import add_contact
from tests.visitor import Visitor, visitor, words
from webapp.accounts.rules import SYSTEM, Role
from webapp.core.db import transaction
from webapp.privacy.erasure import erase
from webapp.privacy.merging import merge

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def viewer(app: Flask) -> Visitor:
    return visitor(app, Role.VIEWER)


def merged(keep: int, other: int) -> None:
    transaction(lambda: merge(keep, other, SYSTEM))


def test_it_leads_to_whom_they_were_merged_into_and_says_so(viewer: Visitor) -> None:
    ann, bea = add_contact().id, add_contact("+16505559876", "Bea Lee").id
    merged(ann, bea)
    answer = viewer.get(f"/contacts/{bea}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/contacts/{ann}"
    assert f"Contact {bea} was merged into Ann Lee." in words(viewer.get(f"/contacts/{ann}"))


def test_it_follows_several_merges_to_the_last(viewer: Visitor) -> None:
    ids = [add_contact(f"+1650555987{nth}", f"Number {nth}").id for nth in range(3)]
    merged(ids[1], ids[0])
    merged(ids[2], ids[1])
    for gone in ids[:2]:
        assert viewer.get(f"/contacts/{gone}").headers["Location"] == f"/contacts/{ids[2]}"


def test_where_the_last_was_erased_it_is_not_found(viewer: Visitor) -> None:
    ann, bea = add_contact().id, add_contact("+16505559876", "Bea Lee").id
    merged(ann, bea)
    transaction(lambda: erase(ann, SYSTEM))
    for gone in (ann, bea, 999):
        answer = viewer.get(f"/contacts/{gone}")
        assert answer.status_code == 404
        assert "erased or merged" in words(answer)


def test_nobody_learns_of_it_without_a_sign_in(app: Flask) -> None:
    ann, bea = add_contact().id, add_contact("+16505559876", "Bea Lee").id
    merged(ann, bea)
    answer = visitor(app).get(f"/contacts/{bea}")
    assert answer.headers["Location"].startswith("/login")
