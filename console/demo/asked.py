"""What the page may ask for: small JSON objects of known fields, from this machine and from the page itself."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from aiohttp import web
from aiohttp.typedefs import Handler

from console.demo.people import PEOPLE, Person

LARGEST_BODY = 16 * 1024
LONGEST_TEXT = 4096
OUR_NAMES = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)
OURSELVES = frozenset({"same-origin", "none"})
SESSION = re.compile(r"[0-9A-Za-z-]{8,64}")

Asked = Mapping[str, str]


@web.middleware
async def at_home(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Nobody but this page: no foreign name for our address, and no order from another site's page."""
    if not OUR_NAMES.fullmatch(request.host):
        raise web.HTTPForbidden(text="The demo is there for this machine only.")
    if request.method == "POST":
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="The demo takes JSON.")
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in OURSELVES:
            raise web.HTTPForbidden(text="The demo takes orders from its own page only.")
    return await handler(request)


async def asked(request: web.Request, *names: str) -> Asked:
    """The fields of a request, all of them words. Refuses with 400 and a sentence."""
    body = await request.read()
    try:
        fields = json.loads(body) if len(body) <= LARGEST_BODY else None
    except ValueError:
        fields = None
    if not isinstance(fields, dict) or set(fields) != set(names):
        raise unfit(f"This takes an object of {', '.join(names)}.")
    for name, value in fields.items():
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise unfit(f"{name} is not a short text.")
    return fields


def person_in(fields: Asked) -> Person:
    if fields["person"] not in PEOPLE:
        raise unfit(f"Nobody here is called that. There are: {', '.join(PEOPLE)}.")
    return PEOPLE[fields["person"]]


def session_in(fields: Asked) -> str:
    if not SESSION.fullmatch(fields["session"]):
        raise unfit("session is 8 to 64 letters and digits.")
    return fields["session"]


def unfit(why: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=json.dumps({"error": why}), content_type="application/json")
