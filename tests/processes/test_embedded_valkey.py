"""The embedded Valkey, found by every process from HEED_DATA alone."""

import os
from pathlib import Path

import pytest
from redis import Redis

from tests.servers import running_valkey
from webapp.core.config import load_config
from webapp.core.valkey import LONGEST_SOCKET_PATH, embedded_valkey_url, socket_path


@pytest.mark.parametrize(
    "folder", ["plain", "with a space, 100 % ünïcode", "long " * 30], ids=["plain", "odd", "long"]
)
def test_data_survive_a_restart_wherever_the_folder_is(tmp_path: Path, folder: str):
    config = load_config(data=tmp_path / folder)
    for value in (None, b"kept"):
        with running_valkey(config) as url, Redis.from_url(url) as client:
            assert client.get("word") == value
            client.set("word", "kept")


def test_the_socket_is_this_users_alone(tmp_path: Path):
    config = load_config(data=tmp_path / ("long " * 30))
    with running_valkey(config):
        path = socket_path(config)
        assert len(os.fsencode(path)) <= LONGEST_SOCKET_PATH
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert path.stat().st_mode & 0o777 == 0o700


def test_two_data_folders_have_two_sockets(tmp_path: Path):
    urls = {embedded_valkey_url(load_config(data=tmp_path / (name * 90))) for name in "ab"}
    assert len(urls) == 2
