"""What a sandbox is told when it starts. The credentials below open nothing but a sandbox."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit


def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """`data_file` None keeps everything in memory. Money is whole rupiah, times are seconds or milliseconds.

    `settle_after_s` is how long a pending transaction stays pending, `lag_s` how long a lagging state lags.
    `refused_http_status` is what clients in the field see for codes that created nothing; the documentation is
    silent about it, so a client has to live with 200 as well.
    """

    username: str = "loket-sandbox"
    api_key: str = "sandbox-key"
    webhook_secret: str = "sandbox-webhook-secret"
    host: str = "127.0.0.1"
    port: int = 8790
    data_file: Path | None = None
    callback_url: str | None = None
    opening_deposit: int = 50_000_000
    seed: int = 1
    rates: Mapping[str, float] = field(default_factory=dict)
    latency_ms: tuple[int, int] = (0, 0)
    settle_after_s: int = 8
    lag_s: int = 60
    slow_s: float = 6.0
    hang_s: float = 300.0
    tick_s: float = 0.25
    huge_bytes: int = 8 * 1024 * 1024
    refused_http_status: int = 400
    now: Callable[[], datetime] = wall_clock

    def __post_init__(self) -> None:
        if self.callback_url is not None and not is_loopback(self.callback_url):
            raise ValueError(f"Callbacks go to this machine only, not to {self.callback_url}.")
        if self.opening_deposit < 0:
            raise ValueError("The opening deposit is below zero.")


def is_loopback(url: str) -> bool:
    """Whether a URL can only mean this machine: a sandbox must never knock at somebody else's door."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False
