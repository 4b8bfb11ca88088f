"""Meta's signature on a webhook."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.webhooks.whatsapp_payload import verify_signature
from webapp.webhooks.whatsapp_signature import sign

BODY = b'{"object":"whatsapp_business_account","entry":[]}'
HEADER = "sha256=d3e4f9da0ce6c71ab3dba55929b8eeeee2455349e534924ead19f98d143e904f"


def test_the_known_vector_verifies() -> None:
    assert verify_signature("app-secret", BODY, HEADER)
    assert sign("app-secret", BODY) == HEADER


@pytest.mark.parametrize(
    "header",
    [None, "", HEADER[:-1], HEADER[7:], "sha256=", "sha1=" + HEADER[7:], "sha256=é☃", "\ud800"],
)
def test_another_header_does_not(header: str | None) -> None:
    assert not verify_signature("app-secret", BODY, header)


def test_another_body_or_secret_does_not() -> None:
    assert not verify_signature("app-secret", BODY + b" ", HEADER)
    assert not verify_signature("another", BODY, HEADER)


def test_an_empty_secret_verifies_nothing() -> None:
    assert not verify_signature("", BODY, sign("", BODY))


@given(secret=st.text(min_size=1).filter(str.isascii), body=st.binary(), header=st.text())
def test_only_the_right_header_verifies(secret: str, body: bytes, header: str) -> None:
    assert verify_signature(secret, body, sign(secret, body))
    assert verify_signature(secret, body, header) == (header == sign(secret, body))
