"""The dialogs of the attributes page: what an attribute's form shows and says, and its deletion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for

from webapp.contacts import attribute_settings
from webapp.contacts.attributes import Kind
from webapp.contacts.models import AttributeDefinition
from webapp.contacts.segment_uses import with_attribute
from webapp.core.web import page_or_fragment, wants_fragment

KINDS = {
    Kind.TEXT: "Text",
    Kind.NUMBER: "Number",
    Kind.DATE: "Date",
    Kind.BOOLEAN: "Yes or no",
    Kind.CHOICE: "Choice",
}


def drafted(form: Mapping[str, str]) -> attribute_settings.Draft:
    """Read what the form says. Raises Invalid."""
    return attribute_settings.read_draft(
        form.get("label", ""), form.get("kind", ""), form.get("choices", "")
    )


def form_dialog(
    found: AttributeDefinition | None, said: Mapping[str, str], errors: dict[str, str]
) -> Response:
    """Answer with the form of an attribute that is `found`, or of a new one, as far as it is `said`."""
    kinds = [(kind.value, label) for kind, label in KINDS.items()]
    return _dialog("attributes/form.html", found=found, said=said, errors=errors, kinds=kinds)


def delete_dialog(definition_id: int) -> Response:
    """Answer with how many have an attribute, and which segments ask for it. Raises NotFound."""
    found = attribute_settings.definition_of(definition_id)
    there, users = attribute_settings.having(found.name), with_attribute(found.name)
    return _dialog("attributes/delete.html", found=found, having=there, users=users)


def _dialog(part: str, **context: Any) -> Response:
    return page_or_fragment(
        "components/dialog_page.html",
        part,
        part=part,
        title="Attributes",
        in_dialog=wants_fragment(),
        back=url_for("attributes.show"),
        **context,
    )
