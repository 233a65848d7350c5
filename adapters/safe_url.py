"""Where secrets and money may travel: https anywhere, http only within this very machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


class UnsafeUrl(ValueError):
    """Secrets and money would travel where others can read or change them."""


def refuse_unsafe(url: str) -> None:
    """Raises `UnsafeUrl` unless it is a plain https URL, or http to this very machine. The URL is never repeated."""
    try:
        parts = urlsplit(url)
        plain = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise UnsafeUrl("A URL cannot be read.") from None
    if not plain or parts.username or parts.password or parts.query or parts.fragment:
        raise UnsafeUrl("A URL is a scheme, a host and a path, and nothing else.")
    if parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(parts.hostname or "")):
        return
    raise UnsafeUrl("Secrets travel over https; http is for this very machine only.")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
