"""What is checked before anything is started."""

import socket
from pathlib import Path

import pytest

from webapp.core.config import ConfigError, load_config
from webapp.core.preflight import check_free, hold_data, split_bind


def test_a_bind_address_is_split(tmp_path: Path):
    assert split_bind("127.0.0.1:8000") == ("127.0.0.1", 8000)
    assert split_bind("[::1]:80") == ("::1", 80)


def test_a_taken_port_is_named_with_its_setting():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        bind = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(ConfigError, match=rf"^HEED_BIND: {bind} is taken"):
            check_free(bind, "HEED_BIND")
    check_free(bind, "HEED_BIND")


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(ConfigError, match=r"cannot listen on 192\.0\.2\.1:8000"):
        check_free("192.0.2.1:8000", "HEED_BIND")


def test_a_data_folder_is_held_once(tmp_path: Path):
    config = load_config(data=tmp_path)
    with hold_data(config), pytest.raises(ConfigError, match="another heed up runs"):
        hold_data(config)
    hold_data(config).close()
