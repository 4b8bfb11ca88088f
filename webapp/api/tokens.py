"""Who calls: the API token of the Authorization header."""

from __future__ import annotations

from flask import Response, current_app, g, request

from webapp.accounts.service import token_of
from webapp.api.problems import problem
from webapp.core.db import db


def authenticate() -> Response | None:
    """Put the caller's token into `g.api_token`, or answer 401.

    A sign-in session counts for nothing here: it would let another site's form call the API.
    Effects: none that last. The token's own short transaction ends before the body is read, so
    that a slow sender holds no lock.
    """
    view = current_app.view_functions[request.endpoint or ""]
    if getattr(view, "heed_right", "unsaid") is None:
        return None  # open to all
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        return problem(401, "unauthenticated", "Send Authorization: Bearer with an API token.")
    token = token_of(given.token)
    if token is None:
        response = problem(401, "unauthenticated", "This API token is unknown or was revoked.")
        response.headers["WWW-Authenticate"] = 'Bearer realm="heed", error="invalid_token"'
        return response
    db.session.expunge(token)
    db.session.rollback()
    g.api_token = token
    return None
