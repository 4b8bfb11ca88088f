"""Escaping in templates without an object for every value.

MarkupSafe wraps each escaped value in a `Markup`, which takes thirty times as long as the escaping
itself. What a template puts out is only joined to a text, so a plain `str` serves as well there.
What is escaped does not change: everything that does not come as `Markup` already.
"""

from __future__ import annotations

import html
from typing import Any

import markupsafe
from flask.templating import Environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr
from markupsafe import Markup

# MarkupSafe's own, in C, where this version of it has one.
_escape_text = getattr(markupsafe, "_escape_inner", html.escape)


def escaped(value: Any) -> str:
    """Give a value as text that may stand in HTML, in an attribute too."""
    kind = type(value)
    if kind is str:
        text: str = _escape_text(value)
        return text
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    if kind is int:
        return str(value)
    return markupsafe.escape(value)


class _Generator(CodeGenerator):
    """Writes templates that escape what they put out by `escaped`."""

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        known = frame.eval_ctx.autoescape and not frame.eval_ctx.volatile
        if not known or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


class LeanEnvironment(Environment):
    """Flask's environment for templates, with escaping that costs little."""

    code_generator_class = _Generator
    escaped = staticmethod(escaped)
