"""A subscriber's phone behind each USSD gateway: what the gateway posts to us, as its documents have it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

from ussd.gateways.africastalking import AfricasTalking
from ussd.gateways.base import Gateway
from ussd.gateways.hubtel import Hubtel

PEPPER = b"a pepper of the tests, long enough"
NUMBER = "+6281234567890"


class Subscriber(Protocol):
    """One phone in one gateway session. Each verb answers the body that the gateway posts."""

    gateway: Gateway
    session: str

    def dials(self, tail: str = "") -> bytes: ...

    def types(self, words: str) -> bytes: ...

    def hangs_up(self) -> bytes: ...


@dataclass
class BehindAfricasTalking:
    gateway: Gateway = field(default_factory=lambda: AfricasTalking(PEPPER))
    session: str = "ATUid_7c898d72eb11f723ed8ea05ef232f279"
    number: str = NUMBER
    text: str = ""

    def dials(self, tail: str = "") -> bytes:
        self.text = tail
        return self._form()

    def types(self, words: str) -> bytes:
        self.text = f"{self.text}*{words}" if self.text else words
        return self._form()

    def hangs_up(self) -> bytes:
        return urlencode(
            {
                "date": "2026-11-20 05:00:00",
                "sessionId": self.session,
                "serviceCode": "*384*123#",
                "networkCode": "99999",
                "phoneNumber": self.number,
                "status": "Incomplete",
                "cost": "0.0000",
                "durationInMillis": "18230",
                "hopsCount": "3",
                "input": self.text,
                "lastAppResponse": "CON Your PIN?",
            }
        ).encode()

    def _form(self) -> bytes:
        return urlencode(
            {
                "phoneNumber": self.number,
                "serviceCode": "*384*123#",
                "text": self.text,
                "sessionId": self.session,
                "networkCode": "99999",
            }
        ).encode()


@dataclass
class BehindHubtel:
    gateway: Gateway = field(default_factory=lambda: Hubtel(PEPPER, ["*711*23#"]))
    session: str = "3c796dac28174f739de4262d08409c51"
    number: str = NUMBER
    sequence: int = 0

    def dials(self, tail: str = "") -> bytes:
        return self._json("Initiation", f"*711*23*{tail}#" if tail else "*711*23#")

    def types(self, words: str) -> bytes:
        return self._json("Response", words)

    def hangs_up(self) -> bytes:
        return self._json("Timeout", "")

    def _json(self, kind: str, message: str) -> bytes:
        self.sequence += 1
        return json.dumps(
            {
                "Type": kind,
                "Message": message,
                "ServiceCode": "711",
                "Operator": "mtn",
                "ClientState": "",
                "Mobile": self.number.removeprefix("+"),
                "SessionId": self.session,
                "Sequence": self.sequence,
                "Platform": "USSD",
            }
        ).encode()
