"""The tasks of exports by kind, and the role of their file; pure."""

from __future__ import annotations

WORKBOOK = "export.xlsx"
MAILED = "export.mail"
KINDS = (WORKBOOK, MAILED)
ROLE = "export"
