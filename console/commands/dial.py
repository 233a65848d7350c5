"""`loket dial`: a phone in the terminal."""

from __future__ import annotations

import asyncio
import secrets
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from urllib.parse import urlencode

import aiohttp
import click

from adapters.settings import Settings, load, secrets_of
from adapters.wiring import Wired, wired
from console.commands.asks import Number
from console.logs import log_json
from core.conversation.listen import Listener
from core.conversation.pace import Pace
from core.domain.message import SMS
from core.domain.msisdn import Msisdn
from core.ports import Contact
from ussd.desk import Desk
from ussd.gateways.africastalking import AfricasTalking
from ussd.pages import UssdChannel
from ussd.phone import HANG_UP, Call, Form, Network, NoNetwork, dialled, talk

# Networks wait ten seconds for an application.
NETWORK_WAITS_S = 10
LONGEST_REPLY = 64 * 1024

EXAMPLE = """\b
Examples:
  loket dial '*384#' --as +6281234567890 --demo
  loket dial '*384#' --as +6281234567890
  loket dial '*384*2*1#' --as +6281234567890
  LOKET_AFRICASTALKING_SECRET=… loket dial '*384#' --as +6281234567890 --url http://127.0.0.1:8080
"""


@click.command(epilog=EXAMPLE)
@click.argument("code")
@click.option("--as", "number", type=Number(), required=True, help="Whose phone this is.")
@click.option("--url", help="A running server; without it the local store is used.")
@click.option("--secret", envvar="LOKET_AFRICASTALKING_SECRET", help="The server's secret for Africa's Talking.")
@click.option("--demo", is_flag=True, help="A counter of its own with a provider to try, gone when you hang up.")
@click.option("--short-code", envvar="LOKET_SHORT_CODE", help="Ours, when it has several parts, like *384*123#.")
def dial(code: str, number: Msisdn, url: str | None, secret: str | None, demo: bool, short_code: str | None) -> None:
    """A phone in the terminal: type what you would type, q hangs up."""
    secrets_given = (secret or "").split()
    if url and not secrets_given:
        raise click.UsageError("--url needs --secret, or LOKET_AFRICASTALKING_SECRET.")
    if url and demo:
        raise click.UsageError("--demo has a counter of its own; --url is another one's.")
    call = _call(code, short_code or "", number)
    log_json("error")
    asyncio.run(_talk(_network(number, url, secrets_given, demo=demo), call))


def _network(
    number: Msisdn, url: str | None, secrets_given: Sequence[str], *, demo: bool
) -> AbstractAsyncContextManager[Network]:
    if url:
        return over_http(url, secrets_given[0])
    return in_a_demo(number) if demo else at_the_store(load(), number)


def _call(code: str, short_code: str, number: Msisdn) -> Call:
    try:
        ours, tail = dialled(code, short_code)
    except ValueError:
        raise click.BadParameter(
            f"{code} is nothing a phone dials: write a short code like '*384#', in quotes.", param_hint="CODE"
        ) from None
    return Call(f"ATUid_{secrets.token_hex(16)}", number, ours, tail)


async def _talk(network: AbstractAsyncContextManager[Network], call: Call) -> None:
    if sys.stdin.isatty():
        click.echo(f"{call.short_code}  ({HANG_UP} hangs up)")
    async with network as carrier:
        await talk(carrier, call, read=typed_line, show=click.echo)


@asynccontextmanager
async def over_http(url: str, secret: str) -> AsyncIterator[Network]:
    """The counter at a URL, reached as the gateway reaches it."""
    address = f"{url.rstrip('/')}/ussd/africastalking/{secret}"
    timeout = aiohttp.ClientTimeout(total=NETWORK_WAITS_S)
    async with aiohttp.ClientSession(timeout=timeout) as http:

        async def post(path: str, form: Form) -> str:
            try:
                async with http.post(path, data=form, allow_redirects=False) as reply:
                    if reply.status != 200:
                        raise NoNetwork(_refused(reply.status, url))
                    return (await _bounded(reply)).decode("utf-8", "replace")
            except (aiohttp.ClientError, TimeoutError, ValueError) as trouble:
                raise NoNetwork(f"No counter answers at {url}.") from trouble

        async def hang_up(form: Form) -> None:
            await post(f"{address}/events", form)

        yield Network(lambda form: post(address, form), hang_up)


@asynccontextmanager
async def at_the_store(settings: Settings, number: Msisdn) -> AsyncIterator[Network]:
    """The counter in this process, on the local store."""
    async with wired(settings, owner=False, on_screen=True) as parts:
        listener = Listener(parts.counter, [UssdChannel()])
        desk = Desk(listener, parts.counter.words, Pace(settings.turns_per_s, settings.turns_burst))
        gateway = AfricasTalking(*settings.secret_keys)
        inbox = Inbox(parts, number)
        await inbox.new()

        async def dial(form: Form) -> str:
            return (await desk.answer(gateway, urlencode(form).encode())).body.decode()

        async def hang_up(form: Form) -> None:
            await desk.hear_event(gateway, urlencode(form).encode())
            await desk.finish()
            await listener.finish()

        yield Network(dial, hang_up, inbox.new)


@asynccontextmanager
async def in_a_demo(number: Msisdn) -> AsyncIterator[Network]:
    """A whole demo for one call; the phone reaches it over HTTP, as the demo's page does."""
    from console.demo.folder import folder_at  # noqa: PLC0415 - the demo's phones are built upon this module
    from console.demo.run import Wishes, demo_in  # noqa: PLC0415 - as above

    with folder_at(None) as folder:
        async with demo_in(folder, Wishes(port=0, console_port=0)) as house:
            secret = secrets_of(house.settings.africastalking_secret)[0]
            async with over_http(f"http://127.0.0.1:{house.port}", secret) as network:
                yield Network(network.dial, network.hang_up, Inbox(house.wired, number).new)


class Inbox:
    """The messages of one number, each told once."""

    def __init__(self, parts: Wired, number: Msisdn) -> None:
        self._parts, self._number = parts, number
        self._told: set[str] = set()

    async def new(self) -> Sequence[str]:
        contact = await self._parts.store.read(Contact, "ussd", self._number)
        messages = await self._parts.store.messages_to(contact.wallet_id, limit=20) if contact else ()
        news = [one for one in reversed(messages) if one.channel == SMS and one.message_id not in self._told]
        self._told |= {message.message_id for message in news}
        return [message.words for message in news]


async def typed_line() -> str | None:
    """The next line, from a keyboard or a script; None at the end. Leaves the loop free to work meanwhile."""
    if sys.stdin.isatty():
        click.echo("> ", nl=False)
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str] = loop.create_future()

    def hand_over(words: str) -> None:
        if not line.cancelled():
            line.set_result(words)

    def read() -> None:
        loop.call_soon_threadsafe(hand_over, sys.stdin.readline())

    # A thread of its own that nobody waits for: Ctrl-C must not wait for one more line.
    threading.Thread(target=read, daemon=True).start()
    typed = await line
    return typed.rstrip("\n") if typed else None


async def _bounded(reply: aiohttp.ClientResponse) -> bytes:
    """The body, cut where it becomes longer than any screen."""
    body = bytearray()
    async for chunk in reply.content.iter_any():
        body += chunk
        if len(body) > LONGEST_REPLY:
            break
    return bytes(body)


def _refused(status: int, url: str) -> str:
    if status == 404:
        return f"No counter at {url} knows this secret."
    return f"The server at {url} answered {status}."
