"""Email addresses: the short way for plain ones says what the long way says."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from webapp.contacts.rules import email_address
from webapp.core.errors import Invalid


def by_the_long_way(text: str) -> str | None:
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.casefold()
    except EmailNotValidError:
        return None


@given(
    st.text("aB1.-_+'ü @", max_size=9),
    st.text("aB1.-ü", max_size=9),
    st.sampled_from([".com", ".org", "", ".test", ".local", "."]),
)
@example("a" * 64, "x", ".com")
@example("a" * 65, "x", ".com")
@example("a" * 60, "b." * 60, ".com")
@example("a" * 60, "b." * 100, ".com")
@example("a\n", "x", ".com")
def test_every_address_is_read_as_the_validator_reads_it(local, domain, end):
    text = f"{local}@{domain}{end}"
    try:
        said: str | None = email_address(text).value
    except Invalid:
        said = None
    assert said == by_the_long_way(text)
