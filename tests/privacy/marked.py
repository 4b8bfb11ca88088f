"""A person who is everywhere, and a look into every column of every table for them."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

from sqlalchemy import inspect, select, text

from tests.people import new_message
from webapp.accounts.models import ApiToken, IdempotentAnswer
from webapp.accounts.rules import SYSTEM, Role
from webapp.audit.service import record as audit
from webapp.consent.holds import hold
from webapp.consent.service import change
from webapp.consent.wishes import Wish
from webapp.contacts.activities import note
from webapp.contacts.addresses import key_of
from webapp.contacts.former import remember
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.contacts.segment_models import Segment
from webapp.contacts.tags import named
from webapp.conversations import service as conversations
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.events.service import publish
from webapp.outbox import service as outbox
from webapp.outbox.models import Message
from webapp.outbox.rules import Status
from webapp.tasks import files
from webapp.tasks import service as tasks
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus

NAME = "Quillon Zaphodski"
PHONE = Address(AddressKind.PHONE, "+491709876543")
OLD_PHONE = Address(AddressKind.PHONE, "+491601122334")
EMAIL = Address(AddressKind.EMAIL, "quillon.z@zaphod.example")
WHATSAPP_ID = Address(AddressKind.WHATSAPP_ID, "DE.zaphodski77")
WAMID = "wamid." + base64.b64encode(b"\x1d\x18\x0c491709876543\x15\x02\x00\x11\x18").decode()
MARKS = (
    "zaphodski",
    "zaphod.example",
    "1709876543",
    "1601122334",
    base64.b64encode(b"491709876543").decode()[:12],
    WAMID[10:30].lower(),
)


def everywhere() -> int:
    """Put the marked person into every place that may know one; gives the contact's id."""
    contact_id = transaction(_contact)
    transaction(lambda: _messages(contact_id))
    transaction(lambda: _heard(contact_id))
    transaction(lambda: _consents(contact_id))
    transaction(lambda: _logs(contact_id))
    transaction(_segments)
    transaction(_files)
    return contact_id


def traces() -> list[str]:
    """Give `table.column` of everything in the database that still names the person."""
    found = []
    tables = inspect(db.engine).get_table_names()
    with db.engine.connect() as connection:
        for table in tables:
            if table in ("contact_facts", "contact_search"):
                continue  # SQLite's indexes of searches give no rows; their own tables are read
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                found += [f"{table}.{name}" for name, value in row.items() if _is_named(value)]
    return sorted(set(found))


def run_tasks() -> None:
    """Do all the work that waits, as a worker would."""
    from jobs.tasks import RUNNERS

    ids = db.session.scalars(db.select(Task.id).where(Task.kind == "erasure")).all()
    db.session.rollback()
    for task_id in ids:
        tasks.run(task_id, RUNNERS)


def answer_all() -> None:
    """Let the provider answer for what is being sent, with the number in every word of it."""
    sending = select(Message.id).where(Message.status == Status.SENDING)
    told = {"provider_message_id": WAMID, "detail": f"Taken for {PHONE.value}"}
    for message_id in db.session.scalars(sending).all():
        transaction(
            lambda m=message_id: outbox.finish(m, "t1", Status.SENT, ended_at=clock.now(), **told)  # type: ignore[misc]
        )


def _is_named(value: Any) -> bool:
    if value is None or isinstance(value, bool | int | float):
        return False
    raw = value if isinstance(value, bytes) else None
    if raw is not None and raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            return any(_is_named(book.read(name)) for name in book.namelist())
    said = raw.replace(b"\0", b"").decode("utf-8", "replace") if raw is not None else str(value)
    joined = "".join(letter for letter in said.casefold() if letter not in " -/()")
    return any(mark.casefold() in said.casefold() or mark.casefold() in joined for mark in MARKS)


def _contact() -> int:
    contact = Contact(
        name=NAME,
        phone=PHONE.value,
        phone_key=key_of(PHONE),
        email=EMAIL.value,
        email_key=key_of(EMAIL),
        whatsapp_id=WHATSAPP_ID.value,
        whatsapp_id_key=key_of(WHATSAPP_ID),
        attributes={"nickname": "Zaphodski", "city": "Ulm"},
        tags=named(["vip"]),
    )
    db.session.add(contact)
    db.session.flush()
    note(contact.id, "address_moved", SYSTEM, before=OLD_PHONE.value, after=PHONE.value)
    remember(contact.id, key_of(OLD_PHONE), AddressKind.PHONE, clock.now())
    other = Contact(name="Somebody Else", phone="+491512222222", phone_key=b"o" * 32)
    db.session.add(other)
    db.session.flush()
    return contact.id


def _messages(contact_id: int) -> None:
    for status in Status:
        for address, channel in ((PHONE, Channel.WHATSAPP), (EMAIL, Channel.EMAIL)):
            message = new_message(
                address=address,
                channel=channel,
                contact_id=contact_id,
                status=status,
                provider_message_id=WAMID if channel is Channel.WHATSAPP else None,
                detail=f"No such user: {PHONE.value}",
                variables={"name": NAME},
                claim_token="t1",
                send_at=clock.now() + timedelta(hours=1),
            )
            message.body = f"Hello {NAME}"
            db.session.add(message)
    db.session.add(new_message(address=OLD_PHONE, status=Status.SENT))


def _heard(contact_id: int) -> None:
    conversations.receive(
        conversations.Arrival(
            Channel.WHATSAPP,
            key_of(PHONE),
            PHONE.value,
            contact_id,
            WAMID,
            "text",
            f"It's me, {NAME}",
            "",
            None,
            NAME,
        )
    )
    conversations.first_time("whatsapp", f"message:{WAMID}")
    for number, said in enumerate(("491709876543", "0170 / 98 76-543", WAMID, EMAIL.value)):
        body = json.dumps({"n": number, "from": said, "profile": NAME}).encode()
        stored = conversations.store_webhook("whatsapp", body)
        conversations.note_processed(stored.id)
    conversations.note_processed(
        conversations.store_webhook("whatsapp", b'{"from": "491512222222"}').id
    )


def _consents(contact_id: int) -> None:
    change(
        Wish(
            Channel.WHATSAPP,
            PHONE,
            State.OPTED_OUT,
            Source.KEYWORD,
            SYSTEM,
            said=f"STOP, {NAME}",
            evidence={"phone": PHONE.value},
        )
    )
    change(Wish(Channel.SMS, OLD_PHONE, State.OPTED_OUT, Source.API, SYSTEM))
    hold(Channel.EMAIL, EMAIL, f"{NAME} would like to stop", {"text": NAME}, actor=SYSTEM)


def _logs(contact_id: int) -> None:
    audit(SYSTEM, "bulk.started", asked={"filters": {"q": NAME}, "phones": [PHONE.value]})
    audit(SYSTEM, "bulk.tagged", ids=[1, contact_id], asked={"reason": f"{NAME} called"})
    publish("news", phone=PHONE.value)
    token = ApiToken(name="t", role=Role.ADMIN, digest=b"d" * 32)
    db.session.add(token)
    db.session.flush()
    for key in ("k1", f"contact-{PHONE.value}"):
        body = json.dumps({"name": NAME, "phone": PHONE.value})
        answer = IdempotentAnswer(
            token_id=token.id, key=key, request_digest=b"r" * 32, status=201, body=body
        )
        db.session.add(answer)


def _segments() -> None:
    asked = (("email", EMAIL.value), ("phone", "0170 98 76 543"), ("name", NAME))
    looks = [{"what": what, "how": "contains", "values": [text]} for what, text in asked]
    tree = {"match": "any", "not": True, "parts": [{"match": "all", "parts": looks}]}
    for name, params in (("Them", tree), (EMAIL.value, [["q", PHONE.value], ["tag", "vip"]])):
        db.session.add(Segment(name=name, folded=name, params=params))


def _files() -> None:
    contents = {
        "list.csv": f"name;phone\n{NAME};0170-98 76 543\n".encode(),
        "old.csv": f"mail\n{EMAIL.value.upper()}\n".encode("utf-16"),
        "book.xlsx": _book(),
        "other.csv": b"phone\n+491512222222\n",
    }
    for name, content in contents.items():
        task = tasks.start("some", f"Check {name} of {NAME}", SYSTEM, {"find": PHONE.value})
        task.status, task.ended_at = TaskStatus.DONE, clock.now()
        file_id = files.begin(task.id, "upload", name, "text/csv")
        files.append(file_id, content)


def _book() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", f"<t>{NAME}</t><t>{PHONE.value}</t>" * 50)
    return held.getvalue()
