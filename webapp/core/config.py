"""Settings from the environment: the only module that reads it."""

from __future__ import annotations

import json
import os
import re
import secrets
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from webapp.core.mail_server import MailServer, check_mailbox, parse_server

ROOT = Path(__file__).resolve().parents[2]
GRAPH_URL = "https://graph.facebook.com/v23.0"
WHATSAPP_NEEDS = (
    "whatsapp_phone_number_id",
    "whatsapp_token",
    "whatsapp_app_secret",
    "whatsapp_verify_token",
)
TWILIO_URL = "https://api.twilio.com"
TWILIO_NEEDS = ("twilio_account_sid", "twilio_auth_token", "twilio_from")
EMAIL_NEEDS = ("smtp_url", "email_from")
# A number in E.164, a short code, or the SID of a Messaging Service. Never a name of letters, which
# Twilio would take: nobody can answer STOP to it.
SMS_SENDER = re.compile(r"\+[1-9]\d{6,14}|\d{3,8}|MG[0-9a-fA-F]{32}")


class ConfigError(Exception):
    """A setting is wrong; its text is one line for the operator."""


def _listed(value: Any) -> Any:
    """Split a comma-separated setting; lists pass unchanged."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


class Config(BaseSettings):
    """Every setting of Heed, typed. Field `bind` is the variable `HEED_BIND`, and so on."""

    model_config = SettingsConfigDict(
        env_prefix="HEED_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data: Path = ROOT / "instance"
    bind: str = "127.0.0.1:8000"
    public_url: str = ""
    trusted_proxies: int = Field(default=0, ge=0, le=10)
    secret_key: str = Field(default="", repr=False)
    address_keys: Annotated[tuple[str, ...], NoDecode] = Field(default=(), repr=False)
    database_url: str = Field(default="", repr=False)
    redis_url: str = Field(default="", repr=False)
    workers: int = Field(default=2, ge=1, le=64)
    web_threads: int = Field(default=8, ge=1, le=256)
    safe_mode: Annotated[tuple[str, ...], NoDecode] = ()
    demo: bool = False
    sandbox_bind: str = ""
    sandbox_public: bool = False
    sandbox_smtp_bind: str = ""
    argon2_profile: str = "default"

    whatsapp_api_url: str = ""
    whatsapp_phone_number_id: str = ""
    whatsapp_business_id: str = ""
    whatsapp_token: str = Field(default="", repr=False)
    whatsapp_app_secret: str = Field(default="", repr=False)
    whatsapp_verify_token: str = Field(default="", repr=False)
    whatsapp_rate: float = Field(default=80.0, gt=0)
    twilio_api_url: str = ""
    twilio_account_sid: str = ""
    twilio_auth_token: str = Field(default="", repr=False)
    twilio_from: str = ""
    smtp_url: str = Field(default="", repr=False)
    email_from: str = ""
    email_webhook_secret: str = Field(default="", repr=False)

    @field_validator("address_keys", "safe_mode", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return _listed(value)

    @field_validator("address_keys")
    @classmethod
    def _long_enough(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(len(key) < 16 for key in value):
            raise ValueError("each key needs 16 characters or more")
        return value

    @field_validator("secret_key")
    @classmethod
    def _strong(cls, value: str) -> str:
        if value and len(value) < 16:
            raise ValueError("needs 16 characters or more")
        return value

    @field_validator("bind", "sandbox_bind", "sandbox_smtp_bind")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if value and not (host and port.isdigit() and 0 < int(port) < 65536):
            raise ValueError("is an address with a port, like 127.0.0.1:8000")
        return value

    @field_validator("public_url", "whatsapp_api_url", "twilio_api_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and (
            urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc
        ):
            raise ValueError("is a web address that starts with http:// or https://")
        return value.rstrip("/")

    @field_validator("twilio_account_sid")
    @classmethod
    def _account_sid(cls, value: str) -> str:
        if value and not re.fullmatch(r"AC[0-9a-fA-F]{32}", value):
            raise ValueError("is AC and 32 hexadecimal digits, as Twilio's console shows it")
        return value

    @field_validator("twilio_from")
    @classmethod
    def _sms_sender(cls, value: str) -> str:
        if value and not SMS_SENDER.fullmatch(value):
            raise ValueError("is a number like +12025550123, or a Messaging Service's MG…")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("sqlite", "postgresql+psycopg", "postgresql"):
            raise ValueError("starts with postgresql+psycopg:// or sqlite:///")
        return value.replace("postgresql://", "postgresql+psycopg://", 1)

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("redis", "rediss", "unix"):
            raise ValueError("starts with redis://, rediss:// or unix://")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: str) -> str:
        if value:
            parse_server(value)
        return value

    @field_validator("email_from")
    @classmethod
    def _mailbox(cls, value: str) -> str:
        if value:
            try:
                check_mailbox(value, named=True)
            except ValueError:
                raise ValueError("is an email address, or like Heed <heed@shop.example>") from None
        return value

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, values: dict[str, Any]) -> dict[str, Any]:
        return _fill(values)

    @property
    def whatsapp_on(self) -> bool:
        """True where everything that WhatsApp needs is set; else the channel is off."""
        return all(getattr(self, name) for name in WHATSAPP_NEEDS)

    @property
    def email_on(self) -> bool:
        """True where everything that email needs is set."""
        return all(getattr(self, name) for name in EMAIL_NEEDS)

    @property
    def mail_server(self) -> MailServer:
        """The server that takes our email; only where `email_on`."""
        return parse_server(self.smtp_url)

    @property
    def sandbox_url(self) -> str:
        """The base address of the provider sandbox, without a trailing slash."""
        return f"http://{self.sandbox_bind}"


def _fill(values: dict[str, Any]) -> dict[str, Any]:
    """Complete the settings that depend on others: addresses, files, generated secrets."""
    data = Path(values.get("data") or ROOT / "instance").expanduser().absolute()
    bind = str(values.get("bind") or "127.0.0.1:8000")
    host, _, port = bind.rpartition(":")
    # The sandbox has no sign-in: where Heed listens to all, it still listens to this machine alone.
    near = host if host in ("127.0.0.1", "localhost", "[::1]") else "127.0.0.1"
    sandbox = _next_port(f"{near}:{port}")
    sandbox = str(values.get("sandbox_bind") or sandbox)
    sandbox_smtp = str(values.get("sandbox_smtp_bind") or _next_port(sandbox))
    kept = _kept_secrets(data)
    defaults: dict[str, Any] = {
        "sandbox_bind": sandbox,
        "sandbox_smtp_bind": sandbox_smtp,
        "public_url": f"http://{bind}",
        "secret_key": kept["secret_key"],
        "address_keys": kept["address_key"],
        "database_url": f"sqlite:///{data / 'heed.sqlite'}",
        "whatsapp_api_url": GRAPH_URL,
        "twilio_api_url": TWILIO_URL,
    }
    if str(values.get("demo", "")).lower() in ("1", "true", "yes", "on"):
        defaults |= {
            "whatsapp_api_url": f"http://{sandbox}/v23.0",
            "whatsapp_phone_number_id": "106540352242922",
            "whatsapp_business_id": "102290129340398",
            "whatsapp_token": kept["sandbox_token"],
            "whatsapp_app_secret": kept["sandbox_app_secret"],
            "whatsapp_verify_token": kept["sandbox_verify_token"],
            "twilio_api_url": f"http://{sandbox}",
            "twilio_account_sid": "AC" + "0123456789abcdef" * 2,
            "twilio_auth_token": kept["sandbox_token"][:32],
            "twilio_from": "+12025550147",  # of the range that is kept for fiction
            "smtp_url": f"smtp://{sandbox_smtp}",
            "email_from": "Ember & Oak <heed@demo.heed.example>",  # the demo's business
        }
    return {**defaults, **{k: v for k, v in values.items() if v not in ("", None)}, "data": data}


def _next_port(bind: str) -> str:
    """Give the same address with the next port; nothing where it has none, which is said later."""
    host, _, port = bind.rpartition(":")
    following = int(port) + 1 if port.isdigit() else 0
    return f"{host}:{following if following < 65536 else 1024}" if following else ""


def _kept_secrets(data: Path) -> dict[str, str]:
    """Read the generated secrets of this data folder, made on first use.

    Several processes may start at once: the file is written beside its place and linked there,
    which only one of them can do; all then read the same.
    """
    path = data / "secrets.json"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        fresh = data / f".secrets-{os.getpid()}-{secrets.token_hex(4)}"
        names = (
            "secret_key",
            "address_key",
            "sandbox_token",
            "sandbox_app_secret",
            "sandbox_verify_token",
        )
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            json.dump({name: secrets.token_hex(32) for name in names}, file)
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    loaded: dict[str, str] = json.loads(path.read_text())
    return loaded


def load_config(**overrides: Any) -> Config:
    """Read the settings from the environment; `overrides` win over it.

    Effects: makes the data folder and its generated secrets on first use.
    Raises ConfigError with one line that names the variable and what is wrong with it.
    """
    try:
        return Config(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = "HEED_" + "_".join(str(part) for part in first["loc"][:1]).upper()
        said = first["msg"].removeprefix("Value error, ")
        shown = (
            "" if "key" in name.lower() or "url" in name.lower() else f" (it is {first['input']!r})"
        )
        raise ConfigError(f"{name}: {said}{shown}") from None
    except OSError as error:
        raise ConfigError(f"HEED_DATA: cannot use {error.filename}: {error.strerror}") from None
