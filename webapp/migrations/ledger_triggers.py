"""The statements that make the ledger append-only, for both databases."""

from __future__ import annotations

SQLITE = [
    f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"""
    for table, verb in (
        ("consent_events", "UPDATE"),
        ("consent_events", "DELETE"),
        ("consent_event_details", "UPDATE"),
    )
]

POSTGRESQL = [
    """CREATE FUNCTION heed_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$""",
    """CREATE TRIGGER consent_events_append_only BEFORE UPDATE OR DELETE ON consent_events
        FOR EACH ROW EXECUTE FUNCTION heed_append_only()""",
    """CREATE TRIGGER consent_events_no_truncate BEFORE TRUNCATE ON consent_events
        FOR EACH STATEMENT EXECUTE FUNCTION heed_append_only()""",
    """CREATE TRIGGER consent_event_details_no_update BEFORE UPDATE ON consent_event_details
        FOR EACH ROW EXECUTE FUNCTION heed_append_only()""",
]


def statements(dialect: str) -> list[str]:
    """Give the trigger statements for a dialect name."""
    return POSTGRESQL if dialect == "postgresql" else SQLITE


def seal_statements(dialect: str) -> list[str]:
    """Give the statements that make the seals append-only as well."""
    if dialect == "postgresql":
        return [
            """CREATE TRIGGER ledger_seals_append_only BEFORE UPDATE OR DELETE ON ledger_seals
                FOR EACH ROW EXECUTE FUNCTION heed_append_only()"""
        ]
    return [
        f"""CREATE TRIGGER ledger_seals_no_{verb.lower()} BEFORE {verb} ON ledger_seals
            BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"""
        for verb in ("UPDATE", "DELETE")
    ]
