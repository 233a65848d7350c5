"""The desk answers whatever is sent, in time, and lets nobody hurry it."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from core.conversation.pace import Pace
from core.conversation.said import Opened, Said, Typed
from core.domain.gsm7 import fits_page
from tests.support.dialects import PEPPER, BehindAfricasTalking, BehindHubtel
from tests.support.parrot import English, Parrot
from ussd.desk import Desk
from ussd.gateways.africastalking import AfricasTalking
from ussd.gateways.base import Reply
from ussd.gateways.hubtel import Hubtel


def desk_of(parrot: Parrot, **settings: float) -> Desk:
    return Desk(parrot, English(), Pace(per_s=5, burst=10), now_s=lambda: 0.0, **settings)


async def test_a_page_goes_out_in_the_dialect_of_the_gateway():
    phone = BehindAfricasTalking()

    reply = await desk_of(Parrot(says="Siapa? 1 Ya")).answer(phone.gateway, phone.dials())

    assert reply == Reply(b"CON Siapa? 1 Ya", "text/plain")


async def test_hubtel_is_told_what_to_show_in_its_own_fields():
    phone = BehindHubtel()
    parrot = Parrot(says="Amount\u00a0₵5 café\n1 Yes")

    reply = await desk_of(parrot).answer(phone.gateway, phone.dials())

    assert reply.content_type == "application/json"
    assert reply.body == (
        b'{"SessionId": "3c796dac28174f739de4262d08409c51", "Type": "response", '
        b'"Message": "Amount GHS 5 cafe\\n1 Yes", "Label": "Amount GHS 5 cafe", "ClientState": "", '
        b'"DataType": "input", "FieldType": "text"}'
    )


async def test_an_answer_that_takes_too_long_is_promised_for_the_next_dial():
    phone, parrot = BehindAfricasTalking(), Parrot(slow_s=0.05)
    desk = desk_of(parrot, reply_within_s=0.01)

    with capture_logs() as logs:
        reply = await desk.answer(phone.gateway, phone.dials())

    assert reply.body == b"END This takes longer than usual. Please dial again to see how it went."
    assert logs == [{"event": "answer_late", "address": "+62812••••••90", "log_level": "warning"}]


async def test_a_turn_that_was_given_up_on_still_ends():
    phone, parrot = BehindAfricasTalking(), Parrot(slow_s=0.05)
    desk = desk_of(parrot, reply_within_s=0.01)
    await desk.answer(phone.gateway, phone.dials())

    await desk.finish()

    assert parrot.heard == [()]
    assert parrot.answer.words == "Heard 1"


async def test_who_goes_too_fast_is_stopped_before_anything_is_read():
    phone, parrot = BehindAfricasTalking(), Parrot()
    desk = desk_of(parrot)

    replies = [await desk.answer(phone.gateway, phone.types("1")) for _time in range(12)]

    assert [reply.body[:3] for reply in replies] == [b"CON"] * 10 + [b"END"] * 2
    assert b"too fast" in replies[-1].body
    assert len(parrot.said) == 10


async def test_nobody_is_slowed_down_by_another():
    hasty, patient, parrot = BehindAfricasTalking(), BehindAfricasTalking(number="+6281200000001"), Parrot()
    desk = desk_of(parrot)
    for _time in range(20):
        await desk.answer(hasty.gateway, hasty.types("1"))

    reply = await desk.answer(patient.gateway, patient.dials())

    assert reply.body.startswith(b"CON")


async def test_the_end_of_a_session_is_passed_on():
    phone, parrot = BehindAfricasTalking(), Parrot()

    reply = await desk_of(parrot).hear_event(phone.gateway, phone.hangs_up())

    assert parrot.heard == [None]
    assert reply.status == 200


async def test_hubtel_tells_the_end_among_its_deliveries():
    phone, parrot = BehindHubtel(), Parrot()

    reply = await desk_of(parrot).answer(phone.gateway, phone.hangs_up())

    assert parrot.heard == [None]
    assert b'"release"' in reply.body


async def test_an_end_that_cannot_be_read_is_answered_too():
    for phone in (BehindAfricasTalking(), BehindHubtel()):
        reply = await desk_of(Parrot()).hear_event(phone.gateway, b"input=739182")

        assert b"dial again" in reply.body


async def test_hubtel_is_told_apart_when_not_even_the_session_can_be_read():
    phone = BehindHubtel()

    assert (await desk_of(Parrot()).answer(phone.gateway, b"{}")).status == 400
    assert (await desk_of(Parrot()).answer(phone.gateway, b'{"SessionId": "known"}')).status == 200


def test_hubtel_counts_from_one_and_may_write_numbers_as_words():
    body = '{"SessionId": "s", "Mobile": "233246912184", "Type": "initiation", "Message": "*711*23#"%s}'

    marks = {
        said_to_hubtel(body % sequence).transcript.mark for sequence in ("", ', "Sequence": 1', ', "Sequence": "1"')
    }

    assert len(marks) == 1


@pytest.mark.parametrize("dialled", ["*711*234*1#", "*99*1#", "1", "", "*711*23#"])
def test_a_dial_string_with_nothing_behind_our_code_has_no_path(dialled: str):
    body = '{"SessionId": "s", "Mobile": "233246912184", "Type": "initiation", "Message": "%s"}'

    assert said_to_hubtel(body % dialled).transcript.after(None) == Opened(())


def test_favorite_opens_a_session_too():
    body = '{"SessionId": "s", "Mobile": "233246912184", "Type": "Favorite", "Message": "1", "Sequence": 1}'

    assert said_to_hubtel(body).transcript.after(None) == Opened(())


@pytest.mark.parametrize("number", ["%2B6281234567890", "+6281234567890", "6281234567890"])
def test_a_number_is_the_same_subscriber_in_any_writing(number: str):
    said = AfricasTalking(PEPPER).read(f"sessionId=a&text=&phoneNumber={number}".encode())

    assert said.address == "+6281234567890"


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        ("a%C2%A1b", "a@b"),
        ("a%A1b", "a@b"),  # Latin-1, as some networks pass it on
        ("a%C2%A7b", "a_b"),
        ("Nu%C3%B1ez", "Nuñez"),
        ("M%FCller", "Müller"),
    ],
)
def test_signs_that_were_misread_on_the_way_are_put_right(sent: str, heard: str):
    gateway = AfricasTalking(PEPPER)
    opened = gateway.read(b"sessionId=a&text=&phoneNumber=6281234567890")

    said = gateway.read(f"sessionId=a&text={sent}&phoneNumber=6281234567890".encode())

    assert said.transcript.after(opened.transcript.mark) == Typed(heard)


async def test_every_sentence_of_the_desk_fits_a_page():
    desk, phone = desk_of(Parrot(slow_s=0.02), reply_within_s=0.001), BehindAfricasTalking()

    replies = [await desk.answer(phone.gateway, body) for body in [b"", *[phone.dials() for _time in range(11)]]]
    await desk.finish()

    assert len({reply.body for reply in replies}) == 3
    assert all(fits_page(reply.body.decode().removeprefix("END ")) for reply in replies)


def said_to_hubtel(body: str) -> Said:
    said = Hubtel(PEPPER, ["*711*23#"]).read(body.encode())
    assert isinstance(said, Said)
    return said
