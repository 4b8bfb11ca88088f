"""The tables of the sandbox's database. Times are Unix seconds, `detail`, `buttons`, `recipients` JSON."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS phones (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL DEFAULT '',
    hides_number INTEGER NOT NULL DEFAULT 0,
    marketing_stopped INTEGER NOT NULL DEFAULT 0,
    last_inbound_at REAL,
    last_at REAL NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS phones_by_last ON phones (last_at DESC, id DESC);
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY,
    wamid TEXT NOT NULL UNIQUE,
    phone_id INTEGER NOT NULL REFERENCES phones (id) ON DELETE CASCADE,
    direction TEXT NOT NULL CHECK (direction IN ('to_phone', 'from_phone')),
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    detail TEXT NOT NULL,
    context_id TEXT,
    correlation TEXT,
    status TEXT NOT NULL,
    error_code INTEGER,
    at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_by_phone ON messages (phone_id, id);
CREATE TABLE IF NOT EXISTS sms_stops (
    phone_id INTEGER PRIMARY KEY REFERENCES phones (id) ON DELETE CASCADE,
    at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS templates (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    category TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'APPROVED',
    header TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL,
    footer TEXT NOT NULL DEFAULT '',
    buttons TEXT NOT NULL DEFAULT '[]',
    UNIQUE (name, language)
);
CREATE TABLE IF NOT EXISTS webhooks (
    id INTEGER PRIMARY KEY,
    phone_id INTEGER NOT NULL,
    urgent INTEGER NOT NULL,
    body BLOB NOT NULL,
    made_at REAL NOT NULL,
    due_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    problem TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS webhooks_by_due ON webhooks (due_at);
CREATE INDEX IF NOT EXISTS webhooks_by_phone ON webhooks (phone_id);
CREATE TABLE IF NOT EXISTS mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    content BLOB NOT NULL
);
"""
