"""What a double of the Bot API is told when it starts. The token below opens nothing but a double."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

PORTS = {443, 80, 88, 8443}


@dataclass(frozen=True, slots=True)
class BotApiOptions:
    """Times are seconds. `now` is the time of the double's world: it dates messages and makes queries old.

    A webhook that fails is tried again after `retry_first_s`, then after twice as long each time up to
    `retry_most_s`, until the update is `give_up_after_s` old; Telegram itself gives up after a day.
    `paced` turns on Telegram's usual pace: a message a second in a chat with short bursts, thirty a second over all,
    twenty a minute in a group.
    A bot that keeps what it has seen must not meet the same numbers again from a double that was begun anew: then let
    `first_update_id` and `first_message_id` be others.
    """

    token: str = "123456789:AAloket-double-of-the-bot-api-0001"
    host: str = "127.0.0.1"
    port: int = 0
    username: str = "loket_bot"
    first_name: str = "Loket"
    provider_token: str | None = None
    paced: bool = False
    answer_within_s: float = 10.0
    query_lives_s: float = 30.0
    checkout_within_s: float = 10.0
    retry_first_s: float = 0.05
    retry_most_s: float = 1.0
    give_up_after_s: float = 10.0
    webhook_patience_s: float = 10.0
    slow_s: float = 1.0
    messages_kept: int = 1_000
    first_update_id: int = 730_000_001
    first_message_id: int = 1
    calls_kept: int = 10_000
    files_kept: int = 20_000
    now: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        if not self.token.partition(":")[0].isdigit():
            raise ValueError("A bot's token begins with its number and a colon.")

    @property
    def bot_id(self) -> int:
        return int(self.token.partition(":")[0])


def may_be_called(url: str) -> bool:
    """Whether a webhook may be there: over https at Telegram's four ports, and in any way on this machine.

    Loopback http is this double's own licence. It lets a bot run beside it without a certificate.
    """
    parts = urlsplit(url)
    if not parts.hostname:
        return False
    if parts.scheme == "https":
        return (parts.port or 443) in PORTS or _is_loopback(parts.hostname)
    return parts.scheme == "http" and _is_loopback(parts.hostname)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
