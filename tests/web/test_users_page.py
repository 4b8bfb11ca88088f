"""Users and roles: what an admin does to the accounts of others, and what nobody can do."""

from __future__ import annotations

import re
import threading

import pytest
from flask import Flask
from sqlalchemy import select

from tests.people import PASSWORD, add_user
from tests.visitor import Visitor, visitor, words
from webapp.accounts import people
from webapp.accounts.models import User
from webapp.accounts.rules import Role
from webapp.audit.models import AuditEntry
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict

PATH = "/settings/users"
NEW = {"email": " Mia@Heed.Example ", "name": "Mia O'Brien <script>", "role": "marketer"}


def entries(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        found = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(entry.action, str(entry.detail)) for entry in found]


def password_in(text: str) -> str:
    found = re.search(r'class="one-time">([^<]+)<', text)
    assert found
    return found[1]


def user_id(app: Flask, email: str) -> int:
    with app.app_context():
        found = db.session.scalar(select(User.id).where(User.email == email))
        assert found is not None
        return found


def test_a_made_password_is_shown_once_and_lets_them_in(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    answer = admin.post(f"{PATH}/new", NEW)
    password = password_in(answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert password not in admin.text(PATH)
    assert Visitor(app).sign_in("mia@heed.example", password).status_code == 303
    assert "Mia O'Brien <script>" in words(admin.get(PATH))
    [(action, detail)] = entries(app)
    assert action == "user.added"
    assert password not in detail


def test_a_typed_password_is_shown_nowhere(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    answer = admin.post(f"{PATH}/new", NEW | {"password": PASSWORD})
    assert answer.status_code == 303
    assert Visitor(app).sign_in("mia@heed.example").status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("email", "nobody", 422),
        ("email", "@", 422),
        ("email", f"{'x' * 250}@heed.example", 422),
        ("email", "a\0@heed.example", 422),
        ("email", "admin@heed.example", 409),
        ("name", "x" * 201, 422),
        ("role", "owner", 422),
        ("password", "short", 422),
        ("password", "x" * 1001, 422),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    app: Flask, field: str, value: str, status: int
) -> None:
    admin = visitor(app, Role.ADMIN)
    answer = admin.post(f"{PATH}/new", NEW | {field: value})
    assert answer.status_code == status
    assert f'id="field-{field}-error"' in answer.text
    assert entries(app) == []


def test_a_role_counts_from_the_next_request_on(app: Flask) -> None:
    admin, marketer = visitor(app, Role.ADMIN), visitor(app, Role.MARKETER)
    number = user_id(app, "marketer@heed.example")
    assert marketer.get("/imports").status_code == 200
    form = {"name": "Mia", "role": "viewer"}
    assert admin.post(f"{PATH}/{number}/edit", form).status_code == 303
    assert marketer.get("/imports").status_code == 403
    [(action, detail)] = entries(app)
    assert action == "user.changed"
    assert "'before': {'name': 'Marketer', 'role': 'marketer'}" in detail


def test_a_closed_account_is_signed_out_and_can_be_opened_again(app: Flask) -> None:
    admin, marketer = visitor(app, Role.ADMIN), visitor(app, Role.MARKETER)
    number = user_id(app, "marketer@heed.example")
    assert "signed out everywhere" in words(admin.get(f"{PATH}/{number}/disable"))
    assert admin.post(f"{PATH}/{number}/disable").status_code == 303
    assert marketer.get("/audience").status_code == 303
    assert Visitor(app).sign_in("marketer@heed.example").status_code == 422
    assert "Closed" in words(admin.get(PATH))
    assert admin.post(f"{PATH}/{number}/enable").status_code == 303
    assert marketer.get("/audience").status_code == 303  # the old session stays ended
    assert Visitor(app).sign_in("marketer@heed.example").status_code == 303
    assert [action for action, _ in entries(app)] == ["user.disabled", "user.enabled"]


def test_a_new_password_ends_their_sessions(app: Flask) -> None:
    admin, marketer = visitor(app, Role.ADMIN), visitor(app, Role.MARKETER)
    number = user_id(app, "marketer@heed.example")
    password = password_in(admin.post(f"{PATH}/{number}/password").text)
    assert marketer.get("/audience").status_code == 303
    assert Visitor(app).sign_in("marketer@heed.example").status_code == 422
    assert Visitor(app).sign_in("marketer@heed.example", password).status_code == 303
    short = admin.post(f"{PATH}/{number}/password", {"password": "short"})
    assert short.status_code == 422
    assert all(password not in detail for _, detail in entries(app))


def test_nobody_locks_themselves_out(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    visitor(app, Role.ADMIN, "other@heed.example")
    number = user_id(app, "admin@heed.example")
    for path, form in (
        ("disable", {}),
        ("password", {}),
        ("edit", {"name": "Admin", "role": "viewer"}),
    ):
        answer = admin.post(f"{PATH}/{number}/{path}", form)
        assert answer.status_code == 409
        assert "your own account" in words(answer)
    assert admin.post(f"{PATH}/{number}/edit", {"name": "Ada", "role": "admin"}).status_code == 303
    assert "Ada (you)" in words(admin.get(PATH))


def test_the_last_admin_stays(app: Flask) -> None:
    with app.app_context():
        last = add_user(Role.ADMIN).id
        closed = add_user(Role.ADMIN, "closed@heed.example").id
        transaction(lambda: people.disable(closed, last))
        with pytest.raises(Conflict, match="last admin"):
            transaction(lambda: people.disable(last, None))
        with pytest.raises(Conflict, match="last admin"):
            transaction(lambda: people.edit(last, "A", Role.MARKETER, None))
        transaction(lambda: people.edit(closed, "C", Role.MARKETER, last))


def test_of_two_admins_who_close_each_other_s_account_one_stays(app: Flask) -> None:
    with app.app_context():
        ids = [add_user(Role.ADMIN, f"{n}@heed.example").id for n in range(2)]
    barrier, refused = threading.Barrier(2), []

    def close(whom: int, by: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                transaction(lambda: people.disable(whom, by))
            except Conflict:
                refused.append(whom)

    threads = [threading.Thread(target=close, args=pair) for pair in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    with app.app_context():
        active = db.session.scalars(select(User.id).where(User.disabled_at.is_(None))).all()
        assert active == refused


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MARKETER])
def test_it_is_for_admins(app: Flask, role: Role) -> None:
    assert visitor(app, role).get(PATH).status_code == 403
    assert visitor(app, None).get(PATH).status_code == 303
