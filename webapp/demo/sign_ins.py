"""Who signs in to the demo. It imports nothing, so that greeting somebody stays quick."""

from __future__ import annotations

# Role, email address, password.
SIGN_INS: tuple[tuple[str, str, str], ...] = (
    ("admin", "admin@demo.heed.example", "demo-admin-1"),
    ("marketer", "marketer@demo.heed.example", "demo-marketer-1"),
    ("viewer", "viewer@demo.heed.example", "demo-viewer-1"),
)
