"""HEED_SMTP_URL and HEED_EMAIL_FROM: what they may say, and what they never give away."""

from __future__ import annotations

from pathlib import Path

import pytest

from webapp.core.config import ConfigError, load_config
from webapp.core.mail_server import MailServer, check_mailbox, parse_server


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 587)),
        ("smtp://mail.example:25", MailServer("mail.example", 25)),
        ("smtps://mail.example", MailServer("mail.example", 465, at_once=True)),
        (
            "smtp://us%40er:p%3Ass@mail.example:2525?tls=required",
            MailServer("mail.example", 2525, "us@er", "p:ss", tls="required"),
        ),
        ("smtp://127.0.0.1:8002?tls=never", MailServer("127.0.0.1", 8002, tls="never")),
    ],
)
def test_an_address_is_read(url: str, server: MailServer) -> None:
    assert parse_server(url) == server


@pytest.mark.parametrize(
    ("url", "needs"),
    [
        ("smtp://mail.example", False),
        ("smtp://mail.example?tls=required", True),
        ("smtp://user:password@mail.example", True),
        ("smtp://user:password@localhost", False),
    ],
)
def test_a_password_leaves_this_machine_only_encrypted(url: str, needs: bool) -> None:
    assert parse_server(url).needs_tls is needs


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example/inbox",
        "smtp://mail.example:port",
        "smtp://mail.example?tls=perhaps",
        "smtp://user:hunter2@mail.example?tls=never",
        "smtp://user:hunter2@mail.example:99999",
    ],
)
def test_a_wrong_address_stops_the_start_with_a_line_without_the_password(
    url: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=r"^HEED_SMTP_URL: ") as error:
        load_config(data=tmp_path, smtp_url=url)
    assert "hunter2" not in str(error.value)


def test_secrets_are_not_shown() -> None:
    assert "hunter2" not in repr(parse_server("smtp://user:hunter2@mail.example"))


def test_the_sender_is_checked(tmp_path: Path) -> None:
    for sender in ("heed@shop.example", "The Shop <heed@shop.example>"):
        assert load_config(data=tmp_path, email_from=sender).email_from == sender
    with pytest.raises(ConfigError, match=r"^HEED_EMAIL_FROM: "):
        load_config(data=tmp_path, email_from="heed")


def test_email_is_on_where_both_are_set(tmp_path: Path) -> None:
    one = load_config(data=tmp_path, smtp_url="smtp://mail.example")
    both = load_config(data=tmp_path, smtp_url="smtp://mail.example", email_from="a@b.example")
    assert (one.email_on, both.email_on) == (False, True)


def test_in_a_demo_email_goes_to_the_sandbox(tmp_path: Path) -> None:
    config = load_config(data=tmp_path, demo=True, bind="127.0.0.1:9100")
    assert config.sandbox_smtp_bind == "127.0.0.1:9102"
    assert (config.mail_server.host, config.mail_server.port) == ("127.0.0.1", 9102)
    assert config.email_on


def test_a_mailbox_is_given_as_servers_take_it() -> None:
    assert check_mailbox("Ann.Lee@Shop.EXAMPLE") == "Ann.Lee@shop.example"
    assert check_mailbox("dpo@Bücher.example") == "dpo@xn--bcher-kva.example"
    for wrong in (
        "jörg@shop.example",
        "ann",
        "ann@",
        "a b@shop.example",
        "Ann <ann@shop.example>",
        "ann@shop..example",
    ):
        with pytest.raises(ValueError, match=r"."):
            check_mailbox(wrong)
