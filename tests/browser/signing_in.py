"""Signing in by the form of the sign-in page."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import Page, expect

from tests.people import PASSWORD, add_user
from webapp.accounts.rules import Role


def sign_in(page: Page, url: str, email: str, password: str, path: str = "") -> None:
    """Sign in as somebody, to go on at `path`."""
    page.goto(f"{url}/login?next={path}" if path else f"{url}/login")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(re.compile("/login"))
    # A file that is asked for while a page loads ends its loading, and its scripts never come.
    page.wait_for_load_state()


def sign_in_as(role: Role, page: Page, app: Flask, url: str, path: str = "") -> Page:
    """Sign in as a new user of this role, to go on at `path`; gives the page."""
    with app.app_context():
        email = add_user(role).email
    sign_in(page, url, email, PASSWORD, path)
    return page
