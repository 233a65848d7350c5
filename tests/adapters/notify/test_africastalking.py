"""Bulk SMS: sent as documented, believed only when its answer says so, and the customer's words in no error."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.notify.africastalking import LARGEST_REPLY, REFUSED, AfricasTalkingSms, NotTaken, SmsAccount
from adapters.safe_url import UnsafeUrl
from tests.support.scripted_http import server_of_bytes
from tests.support.sms_gateway import (
    API_KEY,
    USERNAME,
    SmsGateway,
    answer,
    in_pieces,
    pointing_at_itself,
    saying,
    sms_gateway,
)

NUMBER = "+6281234567890"
WORDS = "Token 1234 5678 9012 3456 7890"
SOON = aiohttp.ClientTimeout(total=0.3)


@pytest.fixture
async def gateway() -> AsyncIterator[SmsGateway]:
    async with sms_gateway() as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def sms(gateway: SmsGateway, http: aiohttp.ClientSession, **account: str) -> AfricasTalkingSms:
    given = {"url": gateway.url, "username": USERNAME, "api_key": API_KEY, **account}
    return AfricasTalkingSms(SmsAccount(**given), http, limit=SOON)


async def refusal(notifier: AfricasTalkingSms) -> str:
    with pytest.raises(NotTaken) as refused:
        await notifier.send(NUMBER, WORDS, message_id="captured:p1")
    said = str(refused.value)
    assert not any(secret in said for secret in (NUMBER, "1234", API_KEY))
    return said


async def test_a_message_is_sent_as_documented(gateway: SmsGateway, http: aiohttp.ClientSession):
    await sms(gateway, http, sender="LOKET").send(NUMBER, WORDS, message_id="captured:p1")

    assert gateway.forms == [
        {"username": USERNAME, "to": NUMBER, "message": WORDS, "bulkSMSMode": "1", "from": "LOKET"}
    ]
    assert gateway.headers[0]["apiKey"] == API_KEY
    assert gateway.headers[0]["Accept"] == "application/json"
    assert gateway.headers[0]["Content-Type"] == "application/x-www-form-urlencoded"


async def test_without_a_sender_the_gateway_uses_its_own(gateway: SmsGateway, http: aiohttp.ClientSession):
    await sms(gateway, http).send(NUMBER, WORDS, message_id="captured:p1")

    assert "from" not in gateway.forms[0]


async def test_words_are_folded_to_the_gsm_alphabet(gateway: SmsGateway, http: aiohttp.ClientSession):
    await sms(gateway, http).send(NUMBER, "Rp\u00a020.000 – “dibayar” ê₦5", message_id="captured:p1")

    assert gateway.taken == [(NUMBER, 'Rp 20.000 - "dibayar" eNGN 5')]


@pytest.mark.parametrize("code", [100, 101, 102])
async def test_processed_sent_and_queued_are_taken(gateway: SmsGateway, http: aiohttp.ClientSession, code: int):
    gateway.says = [saying(answer(code, "Success"))]

    await sms(gateway, http).send(NUMBER, WORDS, message_id="captured:p1")

    assert len(gateway.forms) == 1


@pytest.mark.parametrize(("code", "word"), REFUSED.items())
async def test_a_refused_recipient_is_not_taken(gateway: SmsGateway, http: aiohttp.ClientSession, code: int, word: str):
    gateway.says = [saying(answer(code, word))]

    assert await refusal(sms(gateway, http)) == f"captured:p1: {code} {word}"


async def test_do_not_disturb_comes_as_http_409(gateway: SmsGateway, http: aiohttp.ClientSession):
    gateway.says = [saying(answer(409, "DoNotDisturbRejection"), status=409)]

    assert await refusal(sms(gateway, http)) == "captured:p1: HTTP 409"


async def test_a_wrong_key_is_http_401(gateway: SmsGateway, http: aiohttp.ClientSession):
    assert await refusal(sms(gateway, http, api_key="another")) == "captured:p1: HTTP 401"
    assert gateway.taken == []


async def test_a_sender_that_is_not_ours_leaves_no_recipients(gateway: SmsGateway, http: aiohttp.ClientSession):
    gateway.says = [saying({"SMSMessageData": {"Message": "InvalidSenderId", "Recipients": []}})]

    assert await refusal(sms(gateway, http)) == "captured:p1: InvalidSenderId"


GARBAGE = [
    b"",
    b"<html>Sent</html>",
    b"null",
    b"[]",
    b'"SMSMessageData"',
    b'{"SMSMessageData": null}',
    b'{"SMSMessageData": {"Message": "Sent to 1/1"}}',
    b'{"SMSMessageData": {"Message": {}, "Recipients": [{}]}}',
    b'{"SMSMessageData": {"Message": "x", "Recipients": [{"statusCode": "101"}]}}',
    b'{"SMSMessageData": {"Message": "x", "Recipients": [{"statusCode": 101.5}]}}',
    b'{"SMSMessageData": {"Message": "x", "Recipients": [{"statusCode": null}]}}',
    b'{"SMSMessageData": {"Message": "x", "Recipients": 101}}',
    b"[" * 60_000,
    b"\xff\xfe\x00",
]


@pytest.mark.parametrize("body", GARBAGE, ids=range(len(GARBAGE)))
async def test_an_answer_that_cannot_be_read_is_no_proof(gateway: SmsGateway, http: aiohttp.ClientSession, body: bytes):
    gateway.says = [saying(body)]

    assert await refusal(sms(gateway, http)) == "captured:p1: an answer that cannot be read"


async def test_a_code_nobody_documented_is_not_taken(gateway: SmsGateway, http: aiohttp.ClientSession):
    gateway.says = [saying(answer(103, "Odd"))]

    assert await refusal(sms(gateway, http)) == "captured:p1: 103 which is not documented"


async def test_an_endless_answer_is_cut(gateway: SmsGateway, http: aiohttp.ClientSession):
    gateway.says = [saying(b" " * LARGEST_REPLY * 40)]

    assert await refusal(sms(gateway, http)) == "captured:p1: an answer that cannot be read"


async def test_an_answer_in_pieces_is_read_to_its_end(gateway: SmsGateway, http: aiohttp.ClientSession):
    """Taking the first piece for all of it would send the message again and again."""
    body = json.dumps(answer(101, "Success")).encode()
    gateway.says = [in_pieces(body[:9], body[9:])]

    await sms(gateway, http).send(NUMBER, WORDS, message_id="m1")


async def test_a_redirect_is_not_followed(gateway: SmsGateway, http: aiohttp.ClientSession):
    gateway.says = [pointing_at_itself]

    assert await refusal(sms(gateway, http)) == "captured:p1: HTTP 307"
    assert len(gateway.forms) == 1


async def test_silence_ends(http: aiohttp.ClientSession):
    async with server_of_bytes(b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n", hangs_up=False) as server:
        said = await refusal(AfricasTalkingSms(SmsAccount(server.url, USERNAME, API_KEY), http, limit=SOON))

    assert said == "captured:p1: TimeoutError"


async def test_a_dropped_connection_is_not_taken(http: aiohttp.ClientSession):
    async with server_of_bytes(b"") as server:
        said = await refusal(AfricasTalkingSms(SmsAccount(server.url, USERNAME, API_KEY), http, limit=SOON))

    assert said == "captured:p1: ServerDisconnectedError"


async def test_the_key_never_travels_in_clear(http: aiohttp.ClientSession):
    with pytest.raises(UnsafeUrl):
        AfricasTalkingSms(SmsAccount("http://sms.example.com/version1/messaging", USERNAME, API_KEY), http)


def test_the_key_is_in_no_repr():
    assert API_KEY not in repr(SmsAccount("https://sms.example.com", USERNAME, API_KEY))
