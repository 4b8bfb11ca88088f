"""Templates that cost little: escaping without objects, calls and imports without asking again.

MarkupSafe wraps each escaped value in a `Markup`, which takes thirty times as long as the escaping
itself. What a template puts out is only joined to a text, so a plain `str` serves as well there.
What is escaped does not change: everything that does not come as `Markup` already.
"""

from __future__ import annotations

import html
from enum import StrEnum
from functools import lru_cache
from types import FunctionType, MethodType
from typing import Any

import jinja2
import markupsafe
from flask.templating import Environment
from jinja2 import Template
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.nodes import Expr
from jinja2.runtime import Context, Macro
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
    if issubclass(kind, StrEnum):
        word: str = _escape_text(value.value)
        return word
    return markupsafe.escape(value)


class _Generator(CodeGenerator):
    """Writes templates that escape what they put out by `escaped`."""

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        known = frame.eval_ctx.autoescape and not frame.eval_ctx.volatile
        if not known or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


class _Context(Context):
    """Knows only what it is given, and calls what wants no context as it is.

    Jinja would list all globals for each included template, of which only imports by another
    environment ask, and look at each call in several ways whether the callee wants the context.
    """

    def __init__(
        self,
        environment: jinja2.Environment,
        parent: dict[str, Any],
        name: str | None,
        blocks: dict[str, Any],
        globals: Any = None,
    ) -> None:
        super().__init__(environment, parent, name, blocks)

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Call what a template calls."""
        kind = type(__obj)
        if kind in _AS_THEY_ARE or (kind is FunctionType and not hasattr(__obj, "jinja_pass_arg")):
            # What Jinja adds for callees that want the context.
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return __obj(*args, **kwargs)
        return Context.call(__self, __obj, *args, **kwargs)


def remember(macro: Macro) -> Any:
    """Let a macro draw the same only once: for those that depend on a few words alone."""
    return lru_cache(maxsize=500)(macro)


_AS_THEY_ARE = (Macro, MethodType, type(lru_cache(len)))


class _Template(Template):
    """A template whose macros are imported as they were made the first time.

    Jinja would compare all globals at each import, for templates that are loaded with globals of
    their own. Flask loads none so.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        if self._module is None:
            self._module = self.make_module()
        return self._module


class LeanEnvironment(Environment):
    """Flask's environment for templates, with templates that cost little."""

    code_generator_class = _Generator
    context_class = _Context
    template_class = _Template
    escaped = staticmethod(escaped)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.globals["remember"] = remember
