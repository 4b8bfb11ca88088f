"""The commands of the ledger, as an operator runs them, from the backup to the release."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from webapp import migrate
from webapp.cli import heed


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty database of its own, and the settings that lead to it."""
    folder = tmp_path / "heed"
    folder.mkdir()
    monkeypatch.setenv("HEED_DATA", str(folder))
    migrate.upgrade(f"sqlite:///{folder / 'heed.sqlite'}")
    return folder


def run(*words: str, given: str = "") -> Result:
    return CliRunner().invoke(heed, words, input=given)


def opt_out(number: str, folder: Path) -> None:
    """Take in a journal of one opt-out."""
    lines = [
        {"kind": "journal", "made_at": "2026-01-02T03:04:05+00:00", "since": None},
        {
            "kind": "event",
            "channel": "sms",
            "key": "00" * 32,
            "asked": "opted_out",
            "source": "keyword",
            "occurred_at": "2026-01-01T00:00:00+00:00",
            "effective_at": "2026-01-01T00:00:00+00:00",
            "hash": number.removeprefix("+").rjust(64, "0"),
            "address": number,
            "said": "STOP",
            "evidence": {},
        },
    ]
    path = folder / "some.ndjson"
    path.write_text("\n".join(map(json.dumps, lines)))
    result = run("import", "journal", str(path))
    assert result.exit_code == 0, result.output
    assert "Taken in: 1 opt-outs" in result.stdout


def test_nothing_to_seal_is_said(data: Path):
    result = run("ledger", "seal")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "nothing to seal" in result.stderr


def test_a_seal_is_printed_kept_and_verified_against(data: Path):
    opt_out("+16505550001", data)
    first = run("ledger", "seal", "--to", str(data / "away.ndjson"))
    line = first.stdout
    assert set(json.loads(line)) == {
        "id",
        "last_event_id",
        "events",
        "content",
        "prev",
        "hash",
        "at",
    }
    assert (data / "seals.ndjson").read_text() == line == (data / "away.ndjson").read_text()
    assert run("ledger", "seal").stdout == line
    whole = run("ledger", "verify", "--seal", "-", given=line)
    assert whole.exit_code == 0, whole.output
    assert whole.stdout.startswith("The ledger is whole: 1 events up to 1, sealed up to 1")
    (data / "seals.ndjson").write_text(line.replace('"hash": "', '"hash": "00'))
    broken = run("ledger", "verify")
    assert broken.exit_code == 1
    assert "The seal 1 exported on" in broken.stdout
    assert "The ledger is NOT whole: 1 findings" in broken.stdout


def test_a_restore_from_the_backup_to_the_release(data: Path):
    database = data / "heed.sqlite"
    backup = database.read_bytes()
    opt_out("+16505550001", data)
    run("ledger", "seal")
    journal = data / "journal.ndjson"
    assert run("export", "journal", str(journal)).exit_code == 0
    for path in data.glob("heed.sqlite*"):
        path.unlink()
    database.write_bytes(backup)
    started = run("db", "upgrade")
    assert "The database lacks seal 1 of " in started.stderr
    assert "Taken in: 1 opt-outs" in run("import", "journal", str(journal)).stdout
    assert "on hold already" in run("ledger", "restored").stdout
    assert "Marketing goes on." in run("ledger", "released", "--because", "It is in").stdout
    assert run("db", "upgrade").stderr == ""
    assert run("ledger", "verify").exit_code == 0
    assert "Left alone: 0" in run("ledger", "rebuild").stdout
