"""SMS and email go the way that WhatsApp goes: claimed, handed over once, recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from flask import Flask
from flask.ctx import AppContext

from tests.mail_server import MailServer, mail_server
from tests.people import add_contact, add_message, phone, record, state_of, status_of
from tests.sending import begin_all
from tests.whatsapp_wire import Reply, Wire, accepts, says
from webapp.consent.models import ConsentEvent
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import db
from webapp.delivery.channels import can_send, why_off
from webapp.delivery.claims import claim
from webapp.delivery.outcomes import record as record_outcomes
from webapp.delivery.providers.base import Answer, Outcome
from webapp.message_templates.models import Template
from webapp.outbox.models import ChannelPause, Message
from webapp.outbox.rules import Category, Reason, Status

pytestmark = pytest.mark.usefixtures("context")

ANN = Address(AddressKind.EMAIL, "ann@example.org")
ACCOUNT = "AC" + "0123456789abcdef" * 2


@pytest.fixture
def twilio(app: Flask, context: AppContext) -> Iterator[Wire]:
    """Twilio at the level of the wire, where a HEAD only makes the connection."""
    with Wire(knock=says(404)) as listening:
        host = f"http://127.0.0.1:{listening.address[1]}"
        with settings(
            app,
            twilio_api_url=host,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token="token",
            twilio_from="+12025550147",
        ):
            yield listening


@pytest.fixture
def mail(app: Flask, context: AppContext) -> Iterator[MailServer]:
    with mail_server() as server:
        sender = "Ember & Oak <heed@shop.example>"
        with settings(app, smtp_url=server.url, email_from=sender):
            yield server


@contextmanager
def settings(app: Flask, **changed: object) -> Iterator[None]:
    """Change settings of the app until the block ends."""
    before: Config = app.extensions["heed"]
    app.extensions["heed"] = before.model_copy(update=changed)
    try:
        yield
    finally:
        app.extensions["heed"] = before


def read(message: Message) -> Message:
    return db.session.get_one(Message, message.id, populate_existing=True)


def sms(**values: Any) -> Message:
    return add_message(channel=Channel.SMS, **values)


def email(**values: Any) -> Message:
    return add_message(channel=Channel.EMAIL, address=ANN, **values)


def takes(sid: str = "SM1") -> Reply:
    return says(201, {"sid": sid, "status": "queued"})


def test_an_sms_is_sent_and_says_under_which_id(twilio: Wire) -> None:
    message = sms()
    twilio.replies.append(takes())
    assert begin_all([message.id]) == 1
    sent = read(message)
    assert (sent.status, sent.provider_message_id) == (Status.SENT, "SM1")
    form = parse_qs(twilio.bodies[-1].decode())
    assert (form["To"], form["Body"]) == ([phone().value], [message.body])


def test_an_email_is_sent_with_its_subject_and_a_way_out(mail: MailServer) -> None:
    message = email(variables={"subject": "This week"})
    assert begin_all([message.id]) == 1
    sent = read(message)
    assert sent.status is Status.SENT
    assert sent.provider_message_id == f"{sent.correlation}@shop.example"
    [(to, letter)] = mail.arrived
    assert (to, letter["Subject"]) == (ANN.value, "This week")
    assert "/u/" in letter["List-Unsubscribe"]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_way_out_of_an_email_stops_email(app: Flask, mail: MailServer) -> None:
    message = email()
    begin_all([message.id])
    link = mail.arrived[0][1]["List-Unsubscribe"].strip("<>")
    path = link.partition("//")[2].partition("/")[2]
    form = {"List-Unsubscribe": "One-Click"}
    assert app.test_client().post(f"/{path}", data=form).status_code == 200
    assert state_of(ANN, Channel.EMAIL) is State.OPTED_OUT
    later = email()
    assert begin_all([later.id]) == 0
    assert len(mail.arrived) == 1


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.EMAIL])
def test_a_templates_filled_text_is_what_is_sent(
    channel: Channel, twilio: Wire, mail: MailServer
) -> None:
    template = Template(
        channel=channel, name="update", language="en", category=Category.UTILITY, body="Hi {{1}}"
    )
    db.session.add(template)
    db.session.flush()
    to = ANN if channel is Channel.EMAIL else phone()
    message = add_message(
        channel=channel,
        address=to,
        category=Category.UTILITY,
        template_id=template.id,
        variables={"1": "Ann"},
    )
    twilio.replies.append(takes())
    assert begin_all([message.id]) == 1
    if channel is Channel.EMAIL:
        letter = mail.arrived[0][1]
        assert letter.get_content().strip() == message.body
        assert "List-Unsubscribe" not in letter
    else:
        assert parse_qs(twilio.bodies[-1].decode())["Body"] == [message.body]


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.EMAIL])
def test_an_opt_out_after_the_admission_stops_it(
    channel: Channel, twilio: Wire, mail: MailServer
) -> None:
    to = ANN if channel is Channel.EMAIL else phone()
    message = add_message(channel=channel, address=to)
    record(address=to, channel=channel)
    assert begin_all([message.id]) == 0
    ended = read(message)
    assert (ended.status, ended.reason) == (Status.CANCELLED, Reason.OPTED_OUT)
    assert (twilio.bodies, mail.arrived) == ([], [])


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.EMAIL])
def test_an_opt_out_elsewhere_does_not_stop_it(
    channel: Channel, twilio: Wire, mail: MailServer
) -> None:
    to = ANN if channel is Channel.EMAIL else phone()
    record(channel=Channel.WHATSAPP)
    message = add_message(channel=channel, address=to)
    twilio.replies.append(takes())
    assert begin_all([message.id]) == 1
    assert status_of(message.id) is Status.SENT


def test_a_stop_at_twilio_is_an_opt_out_of_sms_alone(twilio: Wire) -> None:
    add_contact()
    message, later = sms(), sms(send_at=clock.now() + timedelta(hours=1))
    elsewhere = add_message(send_at=clock.now() + timedelta(hours=1))
    twilio.replies.append(says(400, {"code": 21610, "message": "unsubscribed", "status": 400}))
    begin_all([message.id])
    assert state_of(channel=Channel.SMS) is State.OPTED_OUT
    assert state_of() is state_of(channel=Channel.VOICE) is State.UNKNOWN
    event = db.session.query(ConsentEvent).one()
    assert (event.channel, event.source) == (Channel.SMS, Source.PROVIDER)
    assert read(message).reason is Reason.PROVIDER_OPTED_OUT
    assert status_of(later.id) is Status.CANCELLED
    assert status_of(elsewhere.id) is Status.SCHEDULED


def test_a_wrong_token_pauses_sms_and_nothing_else(twilio: Wire, wire: Wire) -> None:
    message, other = sms(), add_message()
    twilio.replies.append(says(401, {"code": 20003, "message": "Authenticate"}))
    wire.replies.append(accepts())
    begin_all([message.id, other.id])
    assert read(message).reason is Reason.PROVIDER_ACCOUNT
    assert status_of(other.id) is Status.SENT
    assert [pause.channel for pause in db.session.query(ChannelPause)] == [Channel.SMS]


def test_a_mail_server_that_is_away_is_tried_again(app: Flask, mail: MailServer) -> None:
    message = email()
    with settings(app, smtp_url="smtp://127.0.0.1:1"):
        begin_all([message.id])
    again = read(message)
    assert (again.status, again.reason) == (Status.SCHEDULED, Reason.PROVIDER_BUSY)
    assert again.claimed_at
    assert again.not_before > again.claimed_at + timedelta(seconds=60)


def test_no_answer_is_never_sent_again_on_any_channel(mail: MailServer) -> None:
    message = email()
    [claimed] = claim([message.id])
    record_outcomes([(claimed, Answer(Outcome.UNKNOWN, detail="nothing came"))])
    assert status_of(message.id) is Status.UNCONFIRMED
    assert begin_all([message.id]) == 0
    assert mail.arrived == []


def test_safe_mode_holds_for_email_and_sms(app: Flask, twilio: Wire, mail: MailServer) -> None:
    messages = [email(), sms()]
    with settings(app, safe_mode=("somebody@example.org",)):
        begin_all([message.id for message in messages])
    assert {read(message).reason for message in messages} == {Reason.SAFE_MODE}
    assert mail.arrived == []


def test_many_emails_go_over_a_few_connections(mail: MailServer) -> None:
    to = [Address(AddressKind.EMAIL, f"p{n}@example.org") for n in range(30)]
    messages = [add_message(channel=Channel.EMAIL, address=one) for one in to]
    ids = [message.id for message in messages]
    assert begin_all(ids) == len(ids)
    assert sorted(mail.recipients) == sorted(one.value for one in to)
    assert {status_of(number) for number in ids} == {Status.SENT}


def test_a_channel_says_what_it_misses(app: Flask, twilio: Wire) -> None:
    config: Config = app.extensions["heed"]
    assert can_send(Channel.SMS, config)
    assert why_off(Channel.SMS, config) == ""
    without = config.model_copy(update={"twilio_from": "", "twilio_auth_token": ""})
    said = "Not set up: HEED_TWILIO_AUTH_TOKEN, HEED_TWILIO_FROM are missing."
    assert why_off(Channel.SMS, without) == said
    assert "HEED_SMTP_URL" in why_off(Channel.EMAIL, config)
    assert not can_send(Channel.VOICE, config)
