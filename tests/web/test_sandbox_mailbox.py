"""The sandbox's mailbox: what Heed sends by email arrives there, and nowhere else."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.servers import free_port
from tests.whatsapp_sandbox import build, settings
from webapp.core import mail
from webapp.core.config import ConfigError, load_config
from webapp.sandbox import mailbox, serve
from webapp.sandbox.smtp import taking_mail


@pytest.fixture
def bind() -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
def sandbox(tmp_path: Path, bind: str) -> Iterator[Flask]:
    app, _ = build(tmp_path)
    with taking_mail(app.extensions["sandbox"].store, bind):
        yield app


@pytest.fixture
def client(sandbox: Flask) -> FlaskClient:
    return sandbox.test_client()


def letter(subject: str = "Exclusion list: 2 opt-outs") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["To"] = "dpo@partner.example"
    message.set_content("Größe <b>bold</b>\nSecond line.")
    message.add_attachment(b"a,b\r\n", maintype="text", subtype="csv", filename="liste ö.csv")
    message.add_attachment(b"PK\x00\xff", maintype="application", subtype="x", filename="list.xlsx")
    return message


def send(tmp_path: Path, bind: str, message: EmailMessage) -> None:
    """Send as Heed does."""
    config = load_config(data=tmp_path, smtp_url=f"smtp://{bind}", email_from="heed@shop.example")
    mail.send(config, message, "dpo@partner.example")


def test_an_empty_mailbox_says_what_arrives_here(client: FlaskClient) -> None:
    assert "No email yet" in client.get("/mail").text


def test_an_email_is_listed_and_shown_with_its_files(
    client: FlaskClient, tmp_path: Path, bind: str
) -> None:
    send(tmp_path, bind, letter())
    listed = client.get("/mail").text
    assert "Exclusion list: 2 opt-outs" in listed
    assert "To dpo@partner.example" in listed
    shown = client.get("/mail/1").text
    for part in (
        "Größe &lt;b&gt;bold&lt;/b&gt;",
        "Second line.",
        "heed@shop.example",
        "liste ö.csv",
    ):
        assert part in shown
    first, second = client.get("/mail/1/1"), client.get("/mail/1/2")
    assert (first.data, second.data) == (b"a,b\r\n", b"PK\x00\xff")
    assert second.headers["Content-Disposition"] == "attachment; filename=list.xlsx"
    assert second.mimetype == "application/octet-stream"
    answer: Any = client.get("/sandbox/mails").json
    assert [item["recipients"] for item in answer["items"]] == [["dpo@partner.example"]]


def test_a_page_that_polls_gets_nothing_until_there_is_a_newer_one(
    client: FlaskClient, tmp_path: Path, bind: str
) -> None:
    assert client.get("/mail/list?seen=0").status_code == 204
    send(tmp_path, bind, letter())
    assert 'hx-get="/mail/list?seen=1"' in client.get("/mail/list?seen=0").text


def test_it_is_searched_and_paged(client: FlaskClient, sandbox: Flask) -> None:
    with sandbox.extensions["sandbox"].store.write() as db:
        for n in range(60):
            mailbox.keep(db, n, "heed@shop.example", [f"to{n}@b.example"], b"Subject: N%d\n\nx" % n)
    assert client.get("/mail").text.count('class="face"') == 50
    assert client.get("/mail?page=2").text.count('class="face"') == 10
    found = client.get("/mail?q=to7@").text
    assert found.count('class="face"') == 1
    assert "N7" in found
    assert "No email matches" in client.get("/mail?q=100%25_").text


def test_the_oldest_go_when_there_are_many(
    sandbox: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "KEPT", 3)
    with sandbox.extensions["sandbox"].store.write() as db:
        for n in range(5):
            mailbox.keep(db, n, "a@b.example", ["c@d.example"], b"Subject: N%d\n\nx" % n)
    answer: Any = client.get("/sandbox/mails").json
    assert [item["subject"] for item in answer["items"]] == ["N4", "N3", "N2"]


def test_what_is_no_proper_email_is_kept_all_the_same(client: FlaskClient, sandbox: Flask) -> None:
    with sandbox.extensions["sandbox"].store.write() as db:
        for content in (b"", b"\xff\xfe\x00", b"Content-Type: multipart/mixed\n\nno boundary"):
            mailbox.keep(db, 0, "", ["a@b.example"], content)
    assert client.get("/mail").status_code == 200
    assert [client.get(f"/mail/{n}").status_code for n in (1, 2, 3)] == [200, 200, 200]


def test_what_is_not_there_is_404(client: FlaskClient, tmp_path: Path, bind: str) -> None:
    send(tmp_path, bind, letter())
    for path in ("/mail/2", "/mail/1/3"):
        assert client.get(path).status_code == 404


def test_clearing_takes_the_emails_too(client: FlaskClient, tmp_path: Path, bind: str) -> None:
    send(tmp_path, bind, letter())
    client.post("/sandbox/clear")
    assert "No email yet" in client.get("/mail").text


def test_any_program_may_send_to_it(client: FlaskClient, bind: str) -> None:
    host, _, port = bind.partition(":")
    with smtplib.SMTP(host, int(port), "localhost") as smtp:
        smtp.sendmail("a@b.example", ["c@d.example", "e@f.example"], "Subject: Hi\n\nthere")
    answer: Any = client.get("/sandbox/mails").json
    assert answer["items"][0]["recipients"] == ["c@d.example", "e@f.example"]


def test_the_phones_and_the_mailbox_lead_to_each_other(client: FlaskClient) -> None:
    assert '<a href="/mail">' in client.get("/").text
    assert '<a href="/">' in client.get("/mail").text


def test_a_taken_port_is_one_clear_line(sandbox: Flask, tmp_path: Path, bind: str) -> None:
    config = settings(tmp_path, sandbox_bind=f"127.0.0.1:{free_port()}", sandbox_smtp_bind=bind)
    with pytest.raises(ConfigError, match=rf"^HEED_SANDBOX_SMTP_BIND: {bind} is taken"):
        serve(config)


def test_it_takes_no_email_of_other_machines(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="open to other machines"):
        serve(settings(tmp_path, sandbox_smtp_bind="0.0.0.0:8002"))
