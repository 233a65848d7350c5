"""Settings from the environment or `.env`, each said here once; what is missing or unsafe is refused in a sentence."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SHORTEST_SECRET = 22  # 128 bits and more, when written in base 64


class SettingsError(Exception):
    """Sentences for the operator, one a line, each naming the setting."""


class Settings(BaseSettings):
    """Names in the environment have the prefix `LOKET_`."""

    model_config = SettingsConfigDict(env_prefix="LOKET_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field("sqlite:///loket.db", description="where the money is kept: sqlite:///FILE")
    secret_key: SecretStr = Field(description="keys the fingerprints of what was typed; 22 signs or more")
    pin_pepper: SecretStr = Field(
        description="`VERSION:SECRET`, several separated by a blank; the highest is used for new PINs"
    )
    public_url: str = Field("", description="the address gateways and providers reach us at")
    host: str = Field("127.0.0.1", description="the address webhooks are heard on")
    port: int = Field(8080, description="the port webhooks are heard on", ge=0, le=65535)
    console_port: int = Field(8081, description="loopback port of the console and of /metrics", ge=0, le=65535)
    country: str = Field("id", description="the catalogue to open: a folder under core/catalogue")
    short_code: str = Field("*384#", description="what people dial, as it is told to them")
    bank: str = Field(
        "", description="the account people pay into to top up, as it is told to them; blank: at the counter"
    )
    log_level: str = Field("info", description="debug, info, warning or error")

    africastalking_secret: SecretStr | None = Field(
        None,
        description="last part of the path of the USSD callback; two, separated by a blank, while one is being changed",
    )
    africastalking_username: str = Field("", description="account for SMS; blank: messages are not sent by this way")
    africastalking_api_key: SecretStr | None = Field(None, description="key of that account")
    africastalking_sender: str = Field("", description="the sender id people see; blank: the gateway's own")
    africastalking_sms_url: str = Field(
        "https://api.africastalking.com/version1/messaging", description="bulk SMS address of the gateway"
    )
    hubtel_secret: SecretStr | None = Field(None, description="last part of the path of Hubtel's callback, as above")

    digiflazz_url: str = Field("https://api.digiflazz.com/v1", description="address of the provider")
    digiflazz_username: str = Field("", description="our name there; blank: this provider is not used")
    digiflazz_key: SecretStr | None = Field(None, description="our key there")
    digiflazz_webhook_secret: SecretStr | None = Field(None, description="what its callbacks are signed with")

    poll_schedule_s: Annotated[tuple[int, ...], NoDecode] = Field(
        (60, 60, 120, 300, 900, 3600), description="seconds between looks at a payment in doubt; the last one repeats"
    )
    finality_s: int = Field(900, description="seconds after which *not found* said twice is believed", ge=1)
    review_after_s: int = Field(86_400, description="seconds in doubt before operators must decide", ge=1)
    quote_lasts_s: int = Field(600, description="seconds a price is good", ge=10)
    unsent_lasts_s: int = Field(300, description="seconds a hold waits to be sent before it is let go", ge=1)
    prices_every_s: int = Field(900, description="seconds between looks at the provider's price list", ge=10)
    turns_per_s: float = Field(5, description="turns a second one subscriber may take", gt=0)
    turns_burst: int = Field(10, description="turns one subscriber may take at once", ge=1)
    pin_threads: int = Field(2, description="PINs that are hashed at the same time", ge=1)

    @field_validator("poll_schedule_s", mode="before")
    @classmethod
    def _separated(cls, value: Any) -> Any:
        return [part for part in re.split(r"[\s,]+", value) if part] if isinstance(value, str) else value

    @field_validator("secret_key", "africastalking_secret", "hubtel_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        for secret in value.get_secret_value().split() if value else ():
            if len(secret) < SHORTEST_SECRET:
                raise ValueError(f"needs {SHORTEST_SECRET} signs or more")
        if value is not None and not value.get_secret_value().strip():
            raise ValueError("is blank; leave it out or give it a value")
        return value

    @field_validator("pin_pepper")
    @classmethod
    def _versioned(cls, value: SecretStr) -> SecretStr:
        peppers_of(value.get_secret_value())
        return value

    @field_validator("database_url")
    @classmethod
    def _known_store(cls, value: str) -> str:
        if not value.startswith("sqlite:///"):
            raise ValueError("must be sqlite:///FILE")
        return value

    @property
    def peppers(self) -> dict[int, bytes]:
        return peppers_of(self.pin_pepper.get_secret_value())

    @property
    def poll_schedule(self) -> tuple[timedelta, ...]:
        return tuple(timedelta(seconds=seconds) for seconds in self.poll_schedule_s)


def secrets_of(value: SecretStr | None) -> tuple[str, ...]:
    """The live secrets: none, one, or two while one is being changed."""
    return tuple(value.get_secret_value().split()) if value else ()


def peppers_of(words: str) -> dict[int, bytes]:
    peppers: dict[int, bytes] = {}
    for part in words.split():
        version, colon, secret = part.partition(":")
        if not colon or not version.isdigit() or len(secret) < SHORTEST_SECRET:
            raise ValueError(f"is VERSION:SECRET, for example 1:… with {SHORTEST_SECRET} signs or more")
        peppers[int(version)] = secret.encode()
    if not peppers:
        raise ValueError("is missing")
    return peppers


def load(env_file: Path | None = Path(".env"), **given: Any) -> Settings:
    """Settings of this process. Raises `SettingsError` with one sentence a fault; values are never repeated in it."""
    try:
        return Settings(_env_file=env_file, **given)  # type: ignore[call-arg]  # a name of pydantic-settings' own
    except ValidationError as refused:
        raise SettingsError("\n".join(_sentence(fault) for fault in refused.errors(include_input=False))) from None


def _sentence(fault: Any) -> str:
    name = "LOKET_" + "_".join(str(part) for part in fault["loc"]).upper()
    if fault["type"] == "missing":
        return f"{name} is not set: {Settings.model_fields[str(fault['loc'][0])].description}"
    return f"{name} {fault['msg'].removeprefix('Value error, ')}"
