"""Tokens: what a link carries, and what no longer reads as one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.contacts.rules import AddressKind, Channel
from webapp.receipts.tokens import ALPHABET, Purpose, Token, read, write

KEY = "an account key of the tests"
OLDER = "the account key before that one"
TOKENS = st.builds(
    Token,
    st.sampled_from(Purpose),
    st.sampled_from(Channel),
    st.sampled_from(AddressKind),
    st.binary(min_size=32, max_size=32),
    st.integers(min_value=0, max_value=2**63 - 1),
)
PLAIN = Token(Purpose.RECEIPT, Channel.WHATSAPP, AddressKind.PHONE, bytes(range(32)), 123_456)


@given(TOKENS)
def test_a_token_says_what_was_put_in(token: Token) -> None:
    text = write(token, KEY)
    assert read(text, [KEY]) == token
    assert len(text) < 90
    assert set(text) <= set(ALPHABET)


@given(TOKENS, st.data())
def test_with_one_letter_changed_or_lost_it_is_none(token: Token, data: st.DataObject) -> None:
    text = write(token, KEY)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([letter for letter in ALPHABET if letter != text[place]]))
    assert read(text[:place] + other + text[place + 1 :], [KEY]) is None
    assert read(text[:place], [KEY]) is None
    assert read(text[:place] + text[place + 1 :], [KEY]) is None
    assert read(text + other, [KEY]) is None


@given(st.text(max_size=200))
def test_no_text_at_all_is_more_than_none(text: str) -> None:
    assert read(text, [KEY]) is None


def test_a_key_that_became_old_still_counts() -> None:
    assert read(write(PLAIN, OLDER), [KEY, OLDER]) == PLAIN
    assert read(write(PLAIN, OLDER), [KEY]) is None


@pytest.mark.parametrize("after", [".", ")", ">", "!", "\n", '"'])
def test_what_a_message_puts_behind_a_link_is_no_part_of_it(after: str) -> None:
    assert read(write(PLAIN, KEY) + after, [KEY]) == PLAIN


def test_it_knows_its_event_or_its_message() -> None:
    assert (PLAIN.event_id, PLAIN.message_id) == (123_456, None)
    link = Token(Purpose.UNSUBSCRIBE, Channel.EMAIL, AddressKind.EMAIL, bytes(32), 7)
    assert (link.event_id, link.message_id) == (None, 7)
    assert link.own_channels == (Channel.EMAIL,)
