"""A bare Flask app over the same tables: one statement a view, by Core, and a minimal template."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, request
from sqlalchemy import Engine, TextClause, text

from bench.floors import reads

TEMPLATE = """<table>{% for row in rows %}
<tr id="contact-{{ row.id }}"><td>{{ row.name }}</td><td>{{ row.address or "" }}</td>
<td>{{ row.state }}</td>
<td>{% for name, value in read(row.attributes).items() %}{{ name }}: {{ value }} {% endfor %}</td>
<td>{{ row.tags or "" }}</td><td>{{ row.created_at }}</td><td>{{ row.changed_at or "" }}</td>
<td>{{ row.source or "" }}</td></tr>{% endfor %}
</table>"""


def bare_app(engine: Engine) -> Flask:
    """Give an app with the views that follow: a page, three filters, three searches."""
    app = Flask("floor")
    template = app.jinja_env.from_string(TEMPLATE)
    database = engine.dialect.name
    read: Callable[[Any], Any] = dict if database == "postgresql" else json.loads
    engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    def show(statement: TextClause, values: Mapping[str, Any]) -> str:
        with engine.connect() as connection:
            rows = connection.execute(statement, values).all()
        return template.render(rows=rows, read=read)

    def view(path: str, statement: str) -> None:
        clause = text(statement)
        app.add_url_rule(path, path, lambda: show(clause, request.args.to_dict()))

    view("/page", reads.page_of(database))
    view("/filter", reads.filtered(database))
    view("/filter-many", reads.filtered(database, many=True))
    view("/search/1", reads.named(database, 1))
    view("/search/2", reads.named(database, 2))
    view("/number", reads.numbered(database))
    view("/consent", reads.on_two_channels(database))
    return app
