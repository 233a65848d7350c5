"""Hubtel Programmable Services (Ghana): JSON in, JSON out, the latest input only.

Source: developers.hubtel.com/docs/api-reference-prog-services and the models of programmable-services-sdk-dotnet.
`Type` is compared without case, `Sequence` comes as a number or a string, `ServiceCode` has no dependable form and is
not read. `Message` is the whole dial string at first (`*711*23*1*2#`) and the latest input later. Signs outside ASCII
are answered with an error ("UUE"), even those the GSM alphabet has, so none is sent.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from core.conversation.said import Said
from core.conversation.view import Page
from core.domain.gsm7 import in_ascii
from ussd.gateways.base import CHANNEL, IMSI, Form, HungUp, Malformed, Reply, SimMark
from ussd.transcripts import Numbered, Seal, dialled_path

OPENS = ("initiation", "favorite")
GOES_ON = "response"
ENDS = ("timeout", "release")


class Hubtel:
    """`short_codes` are ours, like `*711*23#`; what is dialled behind one is the path. `pepper` keys the marks kept,
    that of the SIM in the field `sim` as well."""

    name = "hubtel"

    def __init__(self, pepper: bytes, short_codes: Sequence[str], *older: bytes, sim: str = IMSI) -> None:
        self._pepper, self._older, self._sim = pepper, older, SimMark(pepper, sim)
        self._dialled = sorted((code.rstrip("#") for code in short_codes), key=len, reverse=True)

    def read(self, body: bytes) -> Said | HungUp:
        form = _form(body)
        session = f"{self.name}:{form.session('SessionId')}"
        try:
            return self._read(form, session)
        except Malformed as refused:
            raise Malformed(str(refused), gateway_session=session) from None

    def read_event(self, body: bytes) -> HungUp:
        raise Malformed("this gateway sends no events")

    def write(self, page: Page, gateway_session: str) -> Reply:
        words = in_ascii(page.words)
        answer = {
            "SessionId": gateway_session.removeprefix(f"{self.name}:"),
            "Type": "release" if page.final else "response",
            "Message": words,
            "Label": words.partition("\n")[0],
            "ClientState": "",
            "DataType": "display" if page.final else "input",
            "FieldType": "text",
        }
        return Reply(json.dumps(answer).encode(), "application/json", 200 if gateway_session else 400)

    def _read(self, form: Form, session: str) -> Said | HungUp:
        address, kind = form.subscriber("Mobile"), form.values.get("Type", "").lower()
        if kind in ENDS:
            return HungUp(address, session)
        words, seal = form.values.get("Message", ""), Seal(self._pepper, session, self._older)
        if kind in OPENS:
            opened = Numbered(_number(form, "1"), words, seal, self._path(words))
            return Said(CHANNEL, address, session, opened, sim=self._sim.of(form))
        if kind == GOES_ON:
            said = Numbered(_number(form, ""), words, seal)
            return Said(CHANNEL, address, session, said, sim=self._sim.of(form))
        raise Malformed("Type is not one that a phone sends")

    def _path(self, dialled: str) -> tuple[str, ...]:
        for code in self._dialled:
            if dialled.startswith((f"{code}*", f"{code}#")):
                return dialled_path(dialled[len(code) :])
        return ()


def _number(form: Form, otherwise: str) -> int:
    words = form.values.get("Sequence") or otherwise
    if not (words.isascii() and words.isdigit() and len(words) <= 9):
        raise Malformed("Sequence is not a number")
    return int(words)


def _form(body: bytes) -> Form:
    try:
        answer: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("this is no JSON") from None
    if not isinstance(answer, dict):
        raise Malformed("this is no JSON object")
    return Form({name: _text(value) for name, value in answer.items() if isinstance(value, str | int)})


def _text(value: str | int) -> str:
    """As text that can be written anywhere: JSON can spell halves of characters, UTF-8 cannot."""
    return str(value).encode("utf-8", "replace").decode()
