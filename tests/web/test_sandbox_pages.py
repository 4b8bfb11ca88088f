"""The sandbox's phones, as a person sees and uses them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from tests.whatsapp_sandbox import OFFER, build, settings
from webapp.core.config import ConfigError
from webapp.sandbox import serve
from webapp.sandbox.store import register_phones, register_templates

SHOP = {"number": "+16505551234", "name": "Ann <b>Example</b>"}


@pytest.fixture
def sandbox(tmp_path: Path) -> Flask:
    app, config = build(tmp_path)
    register_templates(config, [OFFER])
    register_phones(config, [SHOP])
    return app


@pytest.fixture
def client(sandbox: Flask) -> FlaskClient:
    return sandbox.test_client()


def offer(app: Flask) -> str:
    """Send the offer to Ann; gives its wamid."""
    values = [{"type": "text", "text": "<i>Ann</i>"}, {"type": "text", "text": "20 %"}]
    body = {
        "messaging_product": "whatsapp",
        "to": "16505551234",
        "type": "template",
        "template": {
            "name": "offer",
            "language": {"code": "en_US"},
            "components": [{"type": "body", "parameters": values}],
        },
    }
    headers = {"Authorization": f"Bearer {app.extensions['sandbox'].token}"}
    path = "/v23.0/106540352242922/messages"
    answer: Any = app.test_client().post(path, json=body, headers=headers).json
    return str(answer["messages"][0]["id"])


def said(client: FlaskClient) -> list[str]:
    answer: Any = client.get("/sandbox/messages?from=16505551234").json
    return [one["text"] for one in answer["items"]]


def test_an_empty_sandbox_says_what_to_do(tmp_path: Path) -> None:
    page = build(tmp_path)[0].test_client().get("/").text
    assert "No phone has a message yet" in page
    assert "nothing leaves this machine" in page


def test_phones_are_listed_searched_and_paged(sandbox: Flask, client: FlaskClient) -> None:
    store = sandbox.extensions["sandbox"].store
    register_phones(store, [{"number": f"+4930{n:07}", "name": f"Person {n}"} for n in range(120)])
    first = client.get("/?q=Person").text
    assert first.count('class="face"') == 50
    assert "1 of 3" in first
    assert client.get("/?q=Person&page=3").text.count('class="face"') == 20
    assert "Ann &lt;b&gt;Example&lt;/b&gt;" in client.get("/?q=650 555").text
    assert "No phone matches" in client.get("/?q=100%25_").text


def test_any_number_can_be_taken_up(client: FlaskClient) -> None:
    answer = client.post("/phones", data={"number": "+49 151 12345678", "name": "Jürgen"})
    assert (answer.status_code, answer.location) == (303, "/phone/4915112345678")
    assert "Jürgen" in client.get(answer.location).text


def test_what_is_no_number_is_explained(client: FlaskClient) -> None:
    answer = client.post("/phones", data={"number": "Ann"})
    assert answer.status_code == 422
    assert "with its country code" in answer.text


def test_a_template_shows_as_on_a_phone_and_is_read(sandbox: Flask, client: FlaskClient) -> None:
    wamid = offer(sandbox)
    page = client.get("/phone/16505551234").text
    for part in ("Sale", "Hi &lt;i&gt;Ann&lt;/i&gt;, 20 % off.", "Tap Stop to stop", "Shop ↗"):
        assert part in page
    assert f'value="0:{wamid}"' in page
    answer: Any = client.get("/sandbox/messages?to=16505551234").json
    assert [one["status"] for one in answer["items"]] == ["read"]


def test_writing_and_tapping_work_without_javascript(sandbox: Flask, client: FlaskClient) -> None:
    wamid = offer(sandbox)
    for path, data in (
        ("write", {"text": "Who is this?"}),
        ("write", {"text": "  "}),
        ("write", {"text": "STOP"}),
        ("tap", {"button": f"0:{wamid}"}),
    ):
        answer = client.post(f"/phone/16505551234/{path}", data=data)
        assert (answer.status_code, answer.location) == (303, "/phone/16505551234")
    assert said(client) == ["Who is this?", "STOP", "Stop promotions"]


def test_with_htmx_only_the_chat_comes_back(client: FlaskClient) -> None:
    page = client.post(
        "/phone/16505551234/write", data={"text": "hi"}, headers={"HX-Request": "true"}
    )
    assert page.status_code == 200
    assert page.text.startswith('<section id="chat"')
    assert 'hx-swap-oob="true"' in page.text


def test_a_page_that_polls_gets_nothing_until_something_is_new(
    sandbox: Flask, client: FlaskClient
) -> None:
    def poll(url: str) -> Any:
        return client.get(url.replace("&amp;", "&"))

    found = re.search(r'hx-get="([^"]+)"', client.get("/phone/16505551234").text)
    assert found
    assert poll(found.group(1)).status_code == 204
    offer(sandbox)
    newer = poll(found.group(1))
    assert "20 % off" in newer.text
    assert 'id="facts"' in newer.text


def test_whatsapps_own_switch_is_in_the_menu(client: FlaskClient) -> None:
    client.post("/phone/16505551234/marketing", data={"value": "stop"})
    assert "You stopped marketing messages" in client.get("/phone/16505551234").text
    client.post("/phone/16505551234/marketing", data={"value": "resume"})
    assert "You stopped marketing messages" not in client.get("/phone/16505551234").text
    assert client.post("/phone/16505551234/marketing", data={"value": "x"}).status_code == 400


def test_what_did_not_arrive_stands_beside_the_phone(sandbox: Flask, client: FlaskClient) -> None:
    client.post("/phone/16505551234/marketing", data={"value": "stop"})
    offer(sandbox)
    page = client.get("/phone/16505551234").text
    assert "Hi &lt;i&gt;" not in page.partition("</section>")[0]
    assert "131050" in page


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/phone/1999/write", {"text": "x"}),
        ("/phone/16505551234/tap", {"button": "0:wamid.none"}),
        ("/phone/16505551234/tap", {"button": "x"}),
    ],
)
def test_what_is_not_there_is_404(client: FlaskClient, path: str, data: dict[str, str]) -> None:
    assert client.post(path, data=data).status_code == 404


def test_nothing_from_elsewhere_is_allowed_on_a_page(client: FlaskClient) -> None:
    answer = client.get("/phone/16505551234")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?! src=)|\sstyle=|\son\w+=", answer.text)


def test_another_site_cannot_make_a_browser_write(client: FlaskClient) -> None:
    def write(**headers: str) -> int:
        data = {"text": "STOP"}
        return client.post("/phone/16505551234/write", data=data, headers=headers).status_code

    assert write(Origin="https://evil.example") == 403
    assert write(Origin="null") == 403
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert write(Origin="http://localhost") == 303
    assert said(client) == ["STOP"]


def test_it_is_not_served_to_other_machines_unasked(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="HEED_SANDBOX_PUBLIC") as caught:
        serve(settings(tmp_path, sandbox_bind="0.0.0.0:1"))
    assert "\n" not in str(caught.value)


def test_a_taken_port_is_one_clear_line(tmp_path: Path, sandbox: Flask) -> None:
    server = make_server("127.0.0.1", 0, sandbox)
    try:
        with pytest.raises(ConfigError, match="HEED_SANDBOX_BIND: cannot listen"):
            serve(settings(tmp_path, sandbox_bind=f"127.0.0.1:{server.server_port}"))
    finally:
        server.server_close()
