"""The settings by which SMS and email are sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from webapp.core.config import ConfigError, load_config


@pytest.mark.parametrize("sender", ["+12025550147", "12345", "MG" + "0a" * 16])
def test_a_sender_is_a_number_or_a_service(tmp_path: Path, sender: str) -> None:
    assert load_config(data=tmp_path, twilio_from=sender).twilio_from == sender


@pytest.mark.parametrize("sender", ["+1 202 555", "Ember Oak", "+"])
def test_a_sender_to_which_nobody_can_answer_stop_is_refused_at_the_start(
    tmp_path: Path, sender: str
) -> None:
    with pytest.raises(ConfigError, match="HEED_TWILIO_FROM"):
        load_config(data=tmp_path, twilio_from=sender)


def test_an_account_sid_is_known_by_its_form(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="HEED_TWILIO_ACCOUNT_SID"):
        load_config(data=tmp_path, twilio_account_sid="SK" + "0" * 32)


def test_the_demo_sends_to_its_own_sandbox_and_nowhere_else(tmp_path: Path) -> None:
    config = load_config(data=tmp_path, demo=True)
    assert config.twilio_api_url == config.sandbox_url
    assert config.twilio_account_sid.startswith("AC")
    assert config.twilio_auth_token
    assert config.twilio_auth_token not in repr(config)
    assert load_config(data=tmp_path).twilio_api_url == "https://api.twilio.com"
