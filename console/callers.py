"""Who may knock at which door of the public port, by the address of the socket; and how often strangers do.

Whoever comes from elsewhere finds what is at any wrong address: nothing. A forwarded address is believed only from a
proxy of ours, and of a chain of them only what our own proxies have written.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from adapters.settings import Settings
from adapters.settings.kinds import Network, networks_of

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
FORWARDED = "X-Forwarded-For"


@dataclass(frozen=True, slots=True)
class Gate:
    """All that lies below a path, and from where it may be called; from no network in particular: from anywhere."""

    name: str
    path: str
    networks: Sequence[Network]

    def covers(self, path: str) -> bool:
        return path == self.path or path.startswith(f"{self.path}/")

    def lets_in(self, caller: Address | None) -> bool:
        return not self.networks or (caller is not None and _within(caller, self.networks))


def gates_of(settings: Settings) -> list[Gate]:
    return [
        Gate("africastalking", "/ussd/africastalking", networks_of(settings.africastalking_allow)),
        Gate("hubtel", "/ussd/hubtel", networks_of(settings.hubtel_allow)),
        Gate("telegram", "/telegram", networks_of(settings.telegram_allow)),
        Gate("digiflazz", "/providers/digiflazz", networks_of(settings.digiflazz_allow)),
    ]


def gatekeeper(gates: Sequence[Gate], proxies: Sequence[Network], stranger: Callable[[str], None]) -> Middleware:
    """`stranger` hears the name of a gate at which somebody knocked who has not proven that he belongs there."""

    @web.middleware
    async def keep(request: web.Request, handler: Handler) -> web.StreamResponse:
        gate = next((one for one in gates if one.covers(request.path)), None)
        if gate is None:
            return await handler(request)
        try:
            return await _through(gate, request, handler, proxies)
        except web.HTTPNotFound:
            stranger(gate.name)
            raise

    return keep


def _through(
    gate: Gate, request: web.Request, handler: Handler, proxies: Sequence[Network]
) -> Awaitable[web.StreamResponse]:
    if gate.networks and not gate.lets_in(caller_of(request, proxies)):
        raise web.HTTPNotFound
    return handler(request)


def caller_of(request: web.Request, proxies: Sequence[Network]) -> Address | None:
    """Who is at the other end; None when that cannot be told."""
    peer = request.transport.get_extra_info("peername") if request.transport else None
    hops = [hop.strip() for line in request.headers.getall(FORWARDED, []) for hop in line.split(",")]
    return caller_behind(peer[0] if peer else "", hops, proxies)


def caller_behind(peer: str, hops: Sequence[str], proxies: Sequence[Network]) -> Address | None:
    """The nearest of the socket's address and the forwarded ones, from the last to the first, that is no proxy."""
    caller = _address(peer)
    for hop in reversed(hops):
        if caller is None or not _within(caller, proxies):
            return caller
        caller = _address(hop)
    return caller


def _address(words: str) -> Address | None:
    """One address in one writing: IPv4 within IPv6 is IPv4."""
    try:
        address = ipaddress.ip_address(words.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
