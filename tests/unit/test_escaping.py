"""Templates escape what they put out, whatever it is, as MarkupSafe would."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from webapp.contacts.rules import State
from webapp.core.escaping import LeanEnvironment, escaped

values = st.one_of(
    st.text(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.sampled_from(State),
    st.text().map(Markup),
    st.lists(st.text(), max_size=2),
)


@pytest.fixture(scope="module")
def environment() -> LeanEnvironment:
    return LeanEnvironment(Flask("test"), autoescape=True)


@given(value=values)
def test_a_value_is_escaped_as_ever(value):
    assert escaped(value) == str(escape(value))


@given(value=values)
def test_a_template_puts_it_out_so(environment, value):
    template = environment.from_string('<a title="{{ value }}">{{ value }}</a>')
    assert template.render(value=value) == f'<a title="{escape(value)}">{escape(value)}</a>'


class Own:
    """What brings its own markup."""

    def __html__(self) -> str:
        return "<b>mine</b>"

    def __str__(self) -> str:
        return "<not this>"


def test_what_brings_its_own_markup_keeps_it(environment):
    assert environment.from_string("{{ x }}").render(x=Own()) == "<b>mine</b>"
    assert environment.from_string("{{ nothing }}|{{ x.y }}").render(x={}) == "|"


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{% macro m(x) %}<i>{{ x }}</i>{% endmacro %}{{ m(x) }}", "<i>&lt;&#39;&gt;</i>"),
        ("{% set y %}<i>{{ x }}</i>{% endset %}{{ y }}{{ y }}", "<i>&lt;&#39;&gt;</i>" * 2),
        (
            "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ x }}{% endcall %}",
            "&lt;&#39;&gt;",
        ),
        ("{% for y in [x] %}{{ loop.index }}{{ y }}{% endfor %}", "1&lt;&#39;&gt;"),
        ("{{ '<b>' ~ x }}", "&lt;b&gt;&lt;&#39;&gt;"),
        ("{{ x|upper|safe }}", "<'>"),
        ("{% autoescape false %}{{ x }}{% endautoescape %}", "<'>"),
        (
            "{% macro m(x) %}<i>{{ x }}</i>{% endmacro %}{{ remember(m)(x) }}",
            "<i>&lt;&#39;&gt;</i>",
        ),
    ],
)
def test_escaping_is_that_of_jinja_everywhere(environment, template, shown):
    assert environment.from_string(template).render(x="<'>") == shown


def test_a_remembered_macro_draws_the_same_once(environment):
    drawn = []
    source = "{% macro m(x) %}{{ note(x) }}{% endmacro %}{% set r = remember(m) %}{{ r(1) }}{{ r(1) }}{{ r(2) }}"
    assert environment.from_string(source).render(note=lambda x: drawn.append(x) or x) == "112"
    assert drawn == [1, 2]
