"""What every USSD gateway must do, whatever its dialect. A new gateway is one more name in `SUBSCRIBERS`."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from core.conversation.pace import Pace
from tests.support.dialects import NUMBER, BehindAfricasTalking, BehindHubtel, Subscriber
from tests.support.parrot import English, Parrot
from ussd.desk import Desk
from ussd.gateways.base import HungUp, Malformed, Reply

SUBSCRIBERS: dict[str, Callable[[], Subscriber]] = {"africastalking": BehindAfricasTalking, "hubtel": BehindHubtel}
CANARY = "739182"


@pytest.fixture(params=SUBSCRIBERS, name="phone")
def a_phone(request: pytest.FixtureRequest) -> Subscriber:
    return SUBSCRIBERS[request.param]()


@pytest.fixture(name="parrot")
def a_parrot() -> Parrot:
    return Parrot()


@pytest.fixture(name="post")
def a_post(phone: Subscriber, parrot: Parrot):
    desk = Desk(parrot, English(), Pace(per_s=5, burst=100), now_s=lambda: 0.0)

    async def post(body: bytes) -> Reply:
        return await desk.answer(phone.gateway, body)

    return post


async def test_dialling_opens_a_session(phone: Subscriber, parrot: Parrot, post):
    await post(phone.dials())

    assert parrot.heard == [()]
    assert parrot.said[0].address == NUMBER
    assert parrot.said[0].channel == "ussd"


async def test_each_input_is_heard_alone(phone: Subscriber, parrot: Parrot, post):
    await post(phone.dials())

    for words in ("1", "12345678901", "739182"):
        await post(phone.types(words))

    assert parrot.heard == [(), "1", "12345678901", "739182"]


async def test_the_same_key_twice_is_heard_twice(phone: Subscriber, parrot: Parrot, post):
    for body in (phone.dials(), phone.types("1"), phone.types("1"), phone.types("1")):
        await post(body)

    assert parrot.heard == [(), "1", "1", "1"]


@pytest.mark.parametrize(
    "words", ["12*34", "*", "**", "*1", "1*", "1*1", " 1 ", "١٢", "ñandú", "😀", "a&b=c%20d+e", "#"]
)
async def test_an_input_of_any_signs_is_heard_as_typed(phone: Subscriber, parrot: Parrot, post, words: str):
    for body in (phone.dials(), phone.types("1"), phone.types(words), phone.types("2")):
        await post(body)

    assert parrot.heard == [(), "1", words, "2"]


async def test_a_star_in_the_first_input_is_part_of_it(phone: Subscriber, parrot: Parrot, post):
    for body in (phone.dials(), phone.types("5*5"), phone.types("1")):
        await post(body)

    assert parrot.heard == [(), "5*5", "1"]


async def test_ok_without_words_is_heard_as_no_words(phone: Subscriber, parrot: Parrot, post):
    for body in (phone.dials(), phone.types("1"), phone.types(""), phone.types("2")):
        await post(body)

    assert parrot.heard == [(), "1", "", "2"]


async def test_what_is_dialled_behind_the_short_code_is_a_path(phone: Subscriber, parrot: Parrot, post):
    for body in (phone.dials("1*12345678901*50000"), phone.types("2")):
        await post(body)

    assert parrot.heard == [("1", "12345678901", "50000"), "2"]


async def test_a_repeated_delivery_gets_the_same_bytes_and_does_nothing(phone: Subscriber, parrot: Parrot, post):
    bodies = [phone.dials(), phone.types("1"), phone.types("739182")]

    twice = [(await post(body), await post(body), await post(body)) for body in bodies]

    assert all(first == second == third for first, second, third in twice)
    assert parrot.heard == [(), "1", "739182"]


async def test_a_late_delivery_does_nothing(phone: Subscriber, parrot: Parrot, post):
    opening, first, second = phone.dials(), phone.types("1"), phone.types("2")
    for body in (opening, first, second):
        await post(body)

    late = [await post(first), await post(opening)]

    assert [reply.body for reply in late] == [(await post(second)).body] * 2
    assert parrot.heard == [(), "1", "2"]


async def test_other_words_of_the_same_length_do_nothing(phone: Subscriber, parrot: Parrot, post):
    await post(phone.dials())
    body = phone.types("111111")
    await post(body)

    await post(body.replace(b"111111", b"222222"))

    assert parrot.heard == [(), "111111"]


async def test_the_words_of_one_session_say_nothing_about_another(phone: Subscriber, parrot: Parrot, post):
    other = type(phone)()
    other.session = "another"
    for body in (phone.dials(), phone.types("739182"), other.dials(), other.types("739182")):
        await post(body)

    assert len({mark.digest for mark in parrot.marks.values()}) == 2


async def test_a_phone_that_hangs_up_is_noticed(phone: Subscriber, parrot: Parrot, post):
    await post(phone.dials())

    ended = end_of_session(phone)

    assert ended.address == NUMBER
    assert ended.gateway_session == parrot.said[0].gateway_session


async def test_last_words_look_different_from_a_question(phone: Subscriber, parrot: Parrot, post):
    parrot.last_after = 2

    question, last_words = await post(phone.dials()), await post(phone.types("1"))

    assert (ends(question), ends(last_words)) == (False, True)
    assert question.status == last_words.status == 200


HOSTILE = {
    "nothing": b"",
    "no form": b"\x00\xff\xfe",
    "zeros": b"\x00" * 5000,
    "a page of the web": b"<html></html>",
    "open brackets": b"[" * 16_000,
    "open braces": b'{"a":' * 3_000,
    "a list": b"[]",
    "nan": b'{"Sequence": NaN, "Type": "response", "SessionId": "s", "Mobile": "6281234567890"}',
    "a huge number": b'{"Sequence": ' + b"9" * 5000 + b"}",
    "many fields": b"&".join(b"f%d=1" % number for number in range(1000)),
    "a field twice": b"sessionId=a&sessionId=b&phoneNumber=%2B6281234567890&text=739182",
    "no number": b"sessionId=a&phoneNumber=&text=739182",
    "letters for a number": b"sessionId=a&phoneNumber=abc&text=739182",
    "no session": b"sessionId=&phoneNumber=%2B6281234567890&text=739182",
    "a session of spaces": b"sessionId=%20%0a&phoneNumber=%2B6281234567890&text=739182",
    "no text": b"sessionId=a&phoneNumber=%2B6281234567890",
    "wrong types": b'{"SessionId": {"a": 1}, "Mobile": [], "Type": null, "Message": "739182"}',
    "an unknown type": b'{"SessionId": "s", "Mobile": "6281234567890", "Type": "AddToCart", "Message": "739182"}',
    "no sequence": b'{"SessionId": "s", "Mobile": "6281234567890", "Type": "Response", "Message": "739182"}',
    "superscript sequence": '{"SessionId":"s","Mobile":"6281234567890","Type":"Response","Sequence":"²"}'.encode(),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
async def test_what_is_no_delivery_gets_a_kind_end_and_is_not_heard(parrot: Parrot, post, body: bytes):
    with capture_logs() as logs:
        reply = await post(body)

    assert ends(reply)
    assert b"Please dial again" in reply.body
    assert parrot.heard == []
    assert [line["event"] for line in logs] == ["malformed_delivery"]
    assert CANARY not in repr(logs)


@pytest.mark.parametrize("words", ["\x00", "😀" * 10, "9" * 5000, "\x1b[2J", "\r\n\r\nEND", "²", "1_000", "\u202e1"])
async def test_strange_words_are_heard_and_answered(phone: Subscriber, parrot: Parrot, post, words: str):
    await post(phone.dials())

    reply = await post(phone.types(words))

    assert not ends(reply)
    assert parrot.heard == [(), words]


async def test_a_pin_is_in_no_repr_mark_or_answer(phone: Subscriber, parrot: Parrot, post):
    replies = [await post(body) for body in (phone.dials(), phone.types(CANARY), phone.types(f"1*{CANARY}"))]

    said = parrot.said[-1]
    reading = said.transcript.after(next(iter(parrot.marks.values())))
    shown = [said, said.transcript, reading, phone.gateway, parrot.marks, replies, vars(phone.gateway)]

    assert CANARY not in repr(shown) + str(shown)


@pytest.mark.parametrize("broken", [(b"6281234567890", b""), (b"sessionId", b"x"), (b"SessionId", b"x"), (b"{", b"{{")])
def test_a_pin_is_in_no_refusal(phone: Subscriber, broken: tuple[bytes, bytes]):
    phone.dials()
    body = phone.types(CANARY).replace(*broken)

    try:
        understood = repr(phone.gateway.read(body))
    except Malformed as refused:
        understood = "".join(traceback.format_exception(refused)) + repr(refused)

    assert CANARY not in understood


def end_of_session(phone: Subscriber) -> HungUp:
    """Notices come to an address of their own, or among the deliveries."""
    body = phone.hangs_up()
    ended = phone.gateway.read(body) if isinstance(phone, BehindHubtel) else phone.gateway.read_event(body)
    assert isinstance(ended, HungUp)
    return ended


def ends(reply: Reply) -> bool:
    if reply.content_type == "application/json":
        return bool(json.loads(reply.body)["Type"] == "release")
    return reply.body.startswith(b"END ")
