"""Meta's signature on a webhook."""

from __future__ import annotations

import hashlib
import hmac


def sign(secret: str, body: bytes) -> str:
    """Give the value of X-Hub-Signature-256: "sha256=" and the HMAC-SHA-256 of the raw bytes.

    Source: Meta, "Create a webhook endpoint", validating payloads.
    """
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify_signature(secret: str, body: bytes, header: str | None) -> bool:
    """Say whether `header` signs exactly these bytes, in constant time.

    `body` must be what came over the wire: Meta escapes non-ASCII, so JSON written again does
    not match. An empty secret verifies nothing.
    """
    if not secret or not header:
        return False
    return hmac.compare_digest(sign(secret, body).encode(), header.encode("utf-8", "replace"))
