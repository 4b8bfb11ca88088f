"""The commands of the ledger, as an operator runs them, from the backup to the release."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from webapp import migrate
from webapp.cli import heed
from webapp.core.errors import Invalid


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
        {"kind": "end"},
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


def test_a_seal_is_said_once_kept_and_verified_against(data: Path):
    opt_out("+16505550001", data)
    first = run("ledger", "seal", "--to", str(data / "away.ndjson"))
    line = (data / "seals.ndjson").read_text()
    said = json.loads(line)
    assert set(said) == {"id", "last_event_id", "events", "content", "prev", "hash", "at"}
    assert (data / "away.ndjson").read_text() == line
    assert first.stdout.startswith("Sealed: seal 1 of 20")
    assert first.stdout.endswith(f"Its hash is {said['hash']}.\n")
    assert first.stderr == ""
    assert run("ledger", "seal").stdout.startswith("Nothing is new. The last was: seal 1 of ")
    piped = run("ledger", "seal", "--to", "-")
    assert (piped.stdout, piped.stderr) == (line, "")
    whole = run("ledger", "verify", "--seal", "-", given=line)
    assert whole.exit_code == 0, whole.output
    assert whole.stdout.startswith("The ledger is whole: 1 events up to 1, sealed up to 1")
    (data / "seals.ndjson").write_text(line.replace('"hash": "', '"hash": "00'))
    broken = run("ledger", "verify")
    assert broken.exit_code == 1
    assert "The seal 1 exported on" in broken.stdout
    assert "The ledger is NOT whole: 1 findings" in broken.stdout


def test_a_seal_that_cannot_be_written_is_said(data: Path):
    opt_out("+16505550001", data)
    with pytest.raises(Invalid, match="cannot be written: No such file or directory"):
        CliRunner().invoke(
            heed,
            ["ledger", "seal", "--to", str(data / "nowhere" / "away.ndjson")],
            catch_exceptions=False,
        )


def test_a_journal_is_not_written_over_another_but_by_force(data: Path):
    journal = data / "journal.ndjson"
    journal.write_text("of before the restore")
    refused = run("export", "journal", str(journal))
    assert refused.exit_code == 1
    assert "is there already" in str(refused.exception)
    assert journal.read_text() == "of before the restore"
    forced = run("export", "journal", str(journal), "--force")
    assert (forced.stdout, forced.stderr) == ("Written: 0 events and erasures.\n", "")
    assert journal.read_text().startswith('{"kind": "journal"')


def test_a_journal_that_breaks_off_leaves_what_was_there(
    data: Path, monkeypatch: pytest.MonkeyPatch
):
    def breaks_off(*_args: object) -> Iterator[str]:
        yield '{"kind": "journal"}'
        raise Invalid("The database went away.")

    monkeypatch.setattr("webapp.ledger.journal.write_journal", breaks_off)
    journal = data / "journal.ndjson"
    assert run("export", "journal", str(journal)).exit_code == 1
    assert not journal.exists()
    journal.write_text("of before")
    assert run("export", "journal", str(journal), "--force").exit_code == 1
    assert [path.read_text() for path in data.glob("*journal*")] == ["of before"]


def test_a_journal_on_standard_output_is_nothing_but_the_journal(data: Path):
    written = run("export", "journal", "-")
    kinds = [json.loads(line)["kind"] for line in written.stdout.splitlines()]
    assert kinds == ["journal", "end"]
    assert written.stderr == "Written: 0 events and erasures.\n"


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


@pytest.mark.parametrize("kept", [2, 2.5])
def test_a_journal_that_was_cut_off_is_taken_in_and_said(data: Path, kept: float):
    opt_out("+16505550001", data)
    whole = (data / "some.ndjson").read_text().splitlines(keepends=True)
    cut = data / "cut.ndjson"
    cut.write_text("".join(whole[:2]) + (whole[2][:5] if kept > 2 else ""))
    result = run("import", "journal", str(cut))
    assert result.exit_code == 1
    assert "Taken in: 0 opt-outs" in result.stdout
    assert "Known already: 1." in result.stdout
    assert result.stderr.startswith("The journal was cut off")


def test_an_empty_file_is_no_journal(data: Path):
    journal = data / "journal.ndjson"
    journal.touch()
    refused = run("import", "journal", str(journal))
    assert refused.exit_code == 1
    assert "it is empty" in str(refused.exception)
