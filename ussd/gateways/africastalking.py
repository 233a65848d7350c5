"""Africa's Talking, the dialect that many gateways of Africa speak: a form in, `CON …` or `END …` out.

Source: developers.africastalking.com/docs/ussd/overview and …/ussd/notifications. The form has `sessionId`,
`serviceCode`, `phoneNumber`, `networkCode` and `text`: all that was typed so far, joined by `*`, with the PIN in clear.
The end of a session comes to an address of its own; its `input` and `lastAppResponse` hold PIN and balance and are not
even read. `98` and `00` belong to networks that break long menus themselves, so no page of ours gives them a meaning.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from core.conversation.said import Said
from core.conversation.view import Page
from ussd.gateways.base import CHANNEL, IMSI, Form, HungUp, Malformed, Reply, SimMark
from ussd.transcripts import Cumulative, Seal

MOST_FIELDS = 32


class AfricasTalking:
    """`pepper` keys the marks that are kept of what was typed, and of the SIM in the field `sim`.

    Africa's Talking itself tells no SIM; others who speak its dialect do, or a proxy of the operator's.
    """

    name = "africastalking"

    def __init__(self, pepper: bytes, *older: bytes, sim: str = IMSI) -> None:
        self._pepper, self._older, self._sim = pepper, older, SimMark(pepper, sim)

    def read(self, body: bytes) -> Said:
        form = _form(body)
        session = self._session(form)
        if "text" not in form.values:
            raise Malformed("text is missing", gateway_session=session)
        transcript = Cumulative(form.values["text"], Seal(self._pepper, session, self._older))
        return Said(CHANNEL, form.subscriber("phoneNumber"), session, transcript, sim=self._sim.of(form))

    def read_event(self, body: bytes) -> HungUp:
        form = _form(body)
        return HungUp(form.subscriber("phoneNumber"), self._session(form))

    def write(self, page: Page, gateway_session: str) -> Reply:
        return Reply(f"{'END' if page.final else 'CON'} {page.words}".encode(), "text/plain")

    def _session(self, form: Form) -> str:
        return f"{self.name}:{form.session('sessionId')}"


def _form(body: bytes) -> Form:
    """Each field once. What is not UTF-8 is taken for Latin-1, which some networks pass on as they got it."""
    try:
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
        except UnicodeDecodeError:
            latin = body.decode("latin-1")
            pairs = parse_qsl(latin, keep_blank_values=True, encoding="latin-1", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Malformed("too many fields") from None
    values = dict(pairs)
    if len(values) < len(pairs):
        raise Malformed("a field is given twice")
    return Form(values)
