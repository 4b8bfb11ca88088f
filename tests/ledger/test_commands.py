"""The commands of the ledger, as an operator runs them, from the backup to the release."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
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


def opt_out(number: str, folder: Path, said: str = "STOP") -> None:
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
            "said": said,
            "evidence": {},
        },
        {"kind": "end"},
    ]
    path = folder / "some.ndjson"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
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


def test_a_symbolic_link_stays_one_and_what_it_leads_to_is_replaced(data: Path):
    target, link = data / "disk" / "journal.ndjson", data / "journal.ndjson"
    target.parent.mkdir()
    link.symlink_to(target)
    assert run("export", "journal", str(link)).exit_code == 0
    target.write_text("of before")
    assert "is there already" in str(run("export", "journal", str(link)).exception)
    assert run("export", "journal", str(link), "--force").exit_code == 0
    assert link.is_symlink()
    assert target.read_text().startswith('{"kind": "journal"')


@pytest.mark.parametrize("force", [(), ("--force",)])
def test_a_pipe_is_written_and_stays_one(data: Path, force: tuple[str, ...]):
    pipe = data / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    written = run("export", "journal", str(pipe), *force)
    read = os.read(reader, 10_000)
    os.close(reader)
    assert written.exit_code == 0
    assert read.startswith(b'{"kind": "journal"')
    assert pipe.is_fifo()


def test_a_device_is_written_and_stays_one(data: Path):
    screen, name = os.openpty()
    path = os.ttyname(name)
    assert run("export", "journal", path, "--force").exit_code == 0
    assert os.read(screen, 10).startswith(b'{"kind"')
    assert Path(path).is_char_device()
    os.close(name)
    os.close(screen)


def test_what_is_neither_a_file_nor_a_stream_is_refused(data: Path):
    path = data / "socket"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        refused = run("export", "journal", str(path), "--force")
    assert "is no file" in str(refused.exception)
    assert path.is_socket()


@pytest.mark.parametrize("path", ["-", "/dev/stdout"])
def test_standard_output_by_any_name_is_utf_8_whatever_the_locale(data: Path, path: str):
    opt_out("+16505550001", data, said="Stöp")
    command = [sys.executable, "-m", "webapp.cli", "export", "journal", path]
    settings = {**os.environ, "PYTHONIOENCODING": "ascii"}
    with (data / "out.ndjson").open("w+b") as out:
        done = subprocess.run(command, env=settings, stdout=out, stderr=subprocess.PIPE, check=True)
        out.seek(0)
        written = [json.loads(line) for line in out.read().decode().splitlines()]
    assert done.stderr == b"Written: 1 events and erasures.\n"
    assert [line["kind"] for line in written] == ["journal", "event", "end"]
    assert written[1]["said"] == "Stöp"


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


def test_a_journal_cut_off_within_a_letter_is_taken_in_and_said(data: Path):
    opt_out("+16505550001", data, said="Stöp")
    whole = (data / "some.ndjson").read_bytes()
    lines = whole.splitlines(keepends=True)
    cut = data / "cut.ndjson"
    cut.write_bytes(lines[0] + lines[1] + lines[1][: lines[1].index("ö".encode()) + 1])
    result = run("import", "journal", str(cut))
    assert result.exit_code == 1
    assert "Known already: 1." in result.stdout
    assert result.stderr.startswith("The journal was cut off")


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
