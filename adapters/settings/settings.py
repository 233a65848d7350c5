"""Settings from the environment or `.env`, each said here once; what is missing or unsafe is refused in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, NoDecode, SettingsConfigDict

from adapters.settings.kinds import (
    AuditKey,
    BotToken,
    ChatOrBlank,
    Country,
    FieldName,
    Given,
    HeaderSecrets,
    Networks,
    PathSecrets,
    PublicKeys,
    SafeUrl,
    SafeUrlOrBlank,
    Seconds,
    Secrets,
    ShortCode,
    StoreUrl,
    TenSeconds,
    UpToTenMinutes,
    Versioned,
    by_version,
)

PREFIX = "LOKET_"
ENV_FILE = Path(".env")


class SettingsError(Exception):
    """Sentences for the operator, one a line, each naming the setting."""


class Settings(BaseSettings):
    """Names in the environment have the prefix `LOKET_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, hide_input_in_errors=True)

    database_url: StoreUrl = Field(
        "sqlite:///loket.db", description="where the money is kept: sqlite:///FILE, or postgresql://USER@HOST/DATABASE"
    )
    secret_key: Secrets = Field(
        description="keys the marks of what was typed and seals what waits; two, separated by a blank, while one is"
        " being changed (the first is used); 22 signs or more"
    )
    pin_pepper: Versioned = Field(
        description="`VERSION:SECRET`, several separated by a blank; the highest is used for new PINs"
    )
    field_keys: Versioned = Field(
        description="`VERSION:SECRET`, several separated by a blank; they open the keys that names and numbers are"
        " sealed with in the store, and `loket keys reseal` puts all under the highest"
    )
    public_url: SafeUrlOrBlank = Field(
        "", description="where we are reached from outside; Telegram calls us there, and is polled when it is blank"
    )
    host: str = Field("127.0.0.1", description="the address webhooks are heard on", min_length=1)
    port: int = Field(8080, description="the port webhooks are heard on; 0: any free one", ge=0, le=65535)
    console_port: int = Field(8081, description="loopback port of the console and of /metrics", ge=0, le=65535)
    country: Country = Field("id", description="the catalogue to open: a folder under core/catalogue")
    short_code: ShortCode = Field("*384#", description="what people dial, as it is told to them")
    bank: str = Field(
        "", description="the account people pay into to top up, as it is told to them; blank: at the counter"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="debug, info, warning or error")

    africastalking_secret: PathSecrets | None = Field(
        None,
        description="last part of the path of the USSD callback; two, separated by a blank, while one is being changed",
    )
    africastalking_username: str = Field("", description="account for SMS; blank: messages are not sent by this way")
    africastalking_api_key: Given | None = Field(None, description="key of that account")
    africastalking_sender: str = Field("", description="the sender id people see; blank: the gateway's own")
    africastalking_sms_url: SafeUrl = Field(
        "https://api.africastalking.com/version1/messaging", description="bulk SMS address of the gateway"
    )
    hubtel_secret: PathSecrets | None = Field(None, description="last part of the path of Hubtel's callback, as above")

    africastalking_allow: Networks = Field("", description="who may call there, as networks; blank: anybody")
    hubtel_allow: Networks = Field("", description="the same for Hubtel")
    telegram_allow: Networks = Field("", description="the same for Telegram")
    digiflazz_allow: Networks = Field("", description="the same for the provider's callbacks")
    trusted_proxies: Networks = Field(
        "", description="proxies of ours: who calls through one is whom its X-Forwarded-For names last"
    )
    sim_field: FieldName = Field(
        "imsi", description="the field of a USSD delivery that tells the SIM, where a gateway has one; blank: none"
    )

    telegram_token: BotToken | None = Field(None, description="of our bot, from BotFather; without it: no Telegram")
    telegram_api_url: SafeUrl = Field("https://api.telegram.org", description="address of Telegram's Bot API")
    telegram_secret: HeaderSecrets | None = Field(
        None, description="what Telegram proves itself with when it calls us; needed beside a public URL; two as above"
    )
    telegram_provider_token: Given | None = Field(
        None, description="of the payment provider joined to the bot; without it nobody tops up inside Telegram"
    )
    telegram_operators_chat: ChatOrBlank = Field(
        "", description="number of the chat where operators hear of alarms; blank: none"
    )

    digiflazz_url: SafeUrl = Field("https://api.digiflazz.com/v1", description="address of the provider")
    digiflazz_username: str = Field("", description="our name there; blank: this provider is not used")
    digiflazz_key: Given | None = Field(None, description="our key there")
    digiflazz_webhook_secret: Secrets | None = Field(
        None, description="what its callbacks are signed with; two as above"
    )
    digiflazz_poll_schedule_s: Annotated[tuple[Seconds, ...], NoDecode] = Field(
        (), description="as LOKET_POLL_SCHEDULE_S, for this provider alone; blank: as for all"
    )
    digiflazz_finality_s: Seconds | None = Field(
        None, description="as LOKET_FINALITY_S, for this provider alone; blank: as for all"
    )

    audit_key: AuditKey | None = Field(
        None, description="signs the heads of the journal's tree, from `loket audit keygen`; without it: no heads"
    )
    audit_old_keys: PublicKeys = Field("", description="public keys of before, separated by blanks; still believed")
    head_every_s: UpToTenMinutes = Field(60, description="seconds after which a new head is told outside")
    heads_file: str = Field("", description="a file that heads are told in, best on another disk; blank: none")
    heads_webhook: SafeUrlOrBlank = Field("", description="an address that heads are posted to; blank: none")
    telegram_heads_channel: ChatOrBlank = Field(
        "", description="number of a channel that heads are told in; blank: none"
    )

    bank_accounts: str = Field(
        "", description="a TOML file of our bank accounts, and of the words on their statements; blank: none"
    )
    day_cut_after_s: int = Field(
        600, description="seconds after midnight at which the day before is cut", ge=0, le=21_600
    )

    poll_schedule_s: Annotated[tuple[Seconds, ...], NoDecode] = Field(
        (60, 60, 120, 300, 900, 3600),
        description="seconds between looks at a payment in doubt; the last one repeats",
        min_length=1,
    )
    finality_s: Seconds = Field(900, description="seconds after which *not found* said twice is believed")
    answer_overdue_s: TenSeconds = Field(
        60, description="seconds after which a provider's silence is doubt; another process may then take it over"
    )
    review_after_s: Seconds = Field(86_400, description="seconds in doubt before operators must decide")
    quote_lasts_s: TenSeconds = Field(600, description="seconds a price is good")
    unsent_lasts_s: Seconds = Field(300, description="seconds a hold waits to be sent before it is let go")
    prices_every_s: TenSeconds = Field(900, description="seconds between looks at the provider's price list")
    turns_per_s: float = Field(5, description="turns a second one subscriber may take", gt=0, allow_inf_nan=False)
    turns_burst: int = Field(10, description="turns one subscriber may take at once", ge=1)
    connections: int = Field(2_000, description="connections the port of the webhooks holds at once", ge=10)
    silence_days: int = Field(
        45, description="days a phone may be silent until its owner must prove who she is", ge=1, le=3650
    )
    inquiries_an_hour: int = Field(10, description="different bills one wallet may ask about in an hour", ge=1)
    inquiries_a_day: int = Field(30, description="and in a day", ge=1)
    pin_threads: int = Field(2, description="PINs that are hashed at the same time", ge=1, le=64)

    @field_validator("poll_schedule_s", "digiflazz_poll_schedule_s", mode="before")
    @classmethod
    def _separated(cls, value: Any) -> Any:
        return [part for part in re.split(r"[\s,]+", value) if part] if isinstance(value, str) else value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """What is right by itself and wrong together."""
        self._refuse_half("africastalking_username", "africastalking_api_key")
        self._refuse_half("digiflazz_username", "digiflazz_key")
        self._refuse_half_telegram()
        self._refuse_places_without_heads()
        if self.port and self.port == self.console_port:
            raise ValueError("LOKET_PORT and LOKET_CONSOLE_PORT must be two ports.")
        return self

    def _refuse_half(self, name: str, key: str) -> None:
        """A name without its key is a slip, and so is a key alone; a name that was set to nothing is a switch."""
        named, keyed = bool(getattr(self, name)), getattr(self, key) is not None
        if named and not keyed:
            raise ValueError(f"{_in_environment(name)} is set without {_in_environment(key)}: set both or none.")
        if keyed and not named and name not in self.model_fields_set:
            raise ValueError(f"{_in_environment(key)} is set without {_in_environment(name)}: set both or none.")

    def _refuse_half_telegram(self) -> None:
        """What belongs to a bot does nothing without its token, and whoever set it believes that it does."""
        for name in ("telegram_secret", "telegram_provider_token", "telegram_operators_chat", "telegram_heads_channel"):
            if getattr(self, name) and self.telegram_token is None:
                raise ValueError(f"{_in_environment(name)} is set without {_in_environment('telegram_token')}.")
        if self.telegram_token and self.public_url and self.telegram_secret is None:
            secret, reached = _in_environment("telegram_secret"), _in_environment("public_url")
            raise ValueError(f"{secret} is not set: with {reached} Telegram calls us, and anybody could in its name.")

    def _refuse_places_without_heads(self) -> None:
        for name in ("heads_file", "heads_webhook", "telegram_heads_channel", "audit_old_keys"):
            if getattr(self, name) and self.audit_key is None:
                raise ValueError(f"{_in_environment(name)} is set without {_in_environment('audit_key')}.")

    @property
    def peppers(self) -> dict[int, bytes]:
        return by_version(self.pin_pepper.get_secret_value())

    @property
    def store_keys(self) -> dict[int, bytes]:
        return by_version(self.field_keys.get_secret_value())

    @property
    def secret_keys(self) -> tuple[bytes, ...]:
        """The first is for what is new, all are for what is there."""
        return tuple(secret.encode() for secret in secrets_of(self.secret_key))

    @property
    def poll_schedule(self) -> tuple[timedelta, ...]:
        return tuple(timedelta(seconds=seconds) for seconds in self.poll_schedule_s)


def load(env_file: Path | None = ENV_FILE, **given: Any) -> Settings:
    """Settings of this process. Raises `SettingsError` with one sentence a fault; values are never repeated in it."""
    try:
        return Settings(_env_file=env_file, **given)  # type: ignore[call-arg]  # a name of pydantic-settings' own
    except ValidationError as refused:
        first = {fault["loc"][:1]: fault for fault in reversed(refused.errors(include_input=False))}
        raise SettingsError("\n".join(_sentence(fault) for fault in reversed(first.values()))) from None
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{env_file} cannot be read.") from None


def secrets_of(value: SecretStr | None) -> tuple[str, ...]:
    """The live secrets: none, one, or two while one is being changed."""
    return tuple(value.get_secret_value().split()) if value else ()


def origins(env_file: Path = ENV_FILE) -> Mapping[str, str]:
    """Where each name with our prefix is set, in capitals: the file, or the environment, which wins."""
    sources = ((env_file.name, DotEnvSettingsSource(Settings, env_file)), ("environment", EnvSettingsSource(Settings)))
    names = ((name.upper(), place) for place, source in sources for name in source.env_vars)
    return {name: place for name, place in names if name.startswith(PREFIX)}


# ---- sentences

# What pydantic finds wrong with a value by itself, by its names for it.
SAID = {
    "missing": "is not set: {description}",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number, and smaller",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be {expected}",
    "too_short": "is blank",
    "string_too_short": "is blank",
    "value_error": "{error}",
}


def _sentence(fault: Any) -> str:
    said = SAID.get(fault["type"], "cannot be read")
    if not fault["loc"]:
        return said.format(**fault["ctx"])
    field = Settings.model_fields[str(fault["loc"][0])]
    words = said.format(description=field.description, **fault.get("ctx", {}))
    return f"{_in_environment(str(fault['loc'][0]))} {words.removesuffix('.')}."


def _in_environment(name: str) -> str:
    return f"{PREFIX}{name.upper()}"
