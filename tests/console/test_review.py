"""Two operators at the command line: each with her passphrase, and a refusal in a sentence."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import Result

from core.domain.evidence import Break, Case
from tests.services.panel import ANI, BUDI, CICI, phrase
from tests.services.till import Till
from tests.support.counters import bench
from tests.support.fakes import NOON, silence
from tests.support.operators import NUMBER, Open, objects, run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A payment in review, a break, a case, and two operators; read only."""
    folder = tmp_path_factory.mktemp("made")
    asyncio.run(fill(folder))
    for name in (ANI, BUDI):
        assert run(folder, "operator", "add", name, typed=f"{phrase(name)}\n").stdout == f"{name} is an operator.\n"
    return folder


@pytest.fixture
def shop(made: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    for file in made.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


async def fill(folder: Path) -> None:
    async with bench(folder) as at:
        till = Till(at, await at.customer(NUMBER))
        till.provider.on_submit = till.provider.on_ask = silence
        await till.pay("p1")
        await till.later(hours=24)
        await at.store.commit(Open(Break("b1", "p1", "callback_differs", "it names another number", NOON)))
        await at.store.commit(Open(Case("123456", till.owner.wallet_id, "p1", "no_token", NOON)))
        await at.store.commit(Open(Case("123457", till.owner.wallet_id, None, "other", NOON)))


def say(folder: Path, name: str, *words: str, **more: str) -> Result:
    """A command that an operator signs."""
    return run(folder, *words, "--as", name, "--reason", "seen", typed=f"{phrase(name)}\n", **more)


def test_a_payment_in_review_is_decided_by_two(shop: Path):
    verdict = ("review", "decide", "p1", "captured", "--cost", "22.000", "--token", "1234 5678 9012 3456 7890")

    first = say(shop, ANI, *verdict)
    second = say(shop, BUDI, *verdict)

    assert first.stdout == "Proposed as payment:p1#1. Another operator must say the same.\n"
    assert second.stdout == "p1 is captured now.\n"
    assert (first.exit_code, second.exit_code) == (0, 0)
    [told] = objects(shop, "payment", "show", "p1")
    assert (told["state"], told["token"]) == ("captured", "12345678901234567890")
    assert run(shop, "check").exit_code == 0


def test_the_same_word_again_is_no_error_and_another_one_is(shop: Path):
    say(shop, ANI, "review", "decide", "p1", "voided")

    again = say(shop, ANI, "review", "decide", "p1", "voided")
    other = say(shop, BUDI, "review", "decide", "p1", "captured", "--cost", "22000")

    assert (again.exit_code, again.stdout) == (
        0,
        "You have proposed that already: another operator must say the same.\n",
    )
    assert (other.exit_code, other.stdout) == (1, "")
    assert other.stderr == (
        "loket: ani proposed voided for payment:p1: nothing more. Say the same, or reject it: "
        "`loket review reject payment:p1`.\n"
    )


def test_what_was_proposed_is_rejected(shop: Path):
    say(shop, ANI, "review", "decide", "p1", "voided")

    rejected = say(shop, BUDI, "review", "reject", "p1")

    assert rejected.stdout == "voided for payment:p1 is rejected. Nothing else was changed.\n"
    [told] = objects(shop, "review", "show", "p1")
    assert [(one["action"], one["outcome"]) for one in told["proposals"]] == [("voided", "rejected")]


def test_what_came_of_a_word_as_json(shop: Path):
    said = say(shop, ANI, "review", "decide", "p1", "voided", "--json")

    assert json.loads(said.stdout) == {
        "subject": "payment:p1",
        "verdict": "voided",
        "done": False,
        "proposed_by": "ani",
        "decided_by": "",
        "outcome": "",
        "sentence": "Proposed as payment:p1#1. Another operator must say the same.",
    }


def test_the_queue_is_listed_with_what_is_proposed_and_what_can_be_said(shop: Path):
    say(shop, ANI, "review", "decide", "b1", "noted")

    heads, *rows = run(shop, "review", "list").stdout.splitlines()
    told = run(shop, "review", "show", "b1").stdout.splitlines()

    assert heads.split() == ["subject", "what", "since", "proposed"]
    assert [row.split()[0] for row in rows] == ["break:b1", "payment:p1"]
    assert "noted by ani" in rows[0]
    assert [one["proposal"] and one["proposal"]["action"] for one in objects(shop, "review", "list")] == ["noted", None]
    assert told[:2] == ["break:b1: noted", "  1  noted (nothing more): seen"]
    assert told[2].startswith("     proposed by ani 20")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("review", "decide", "p9", "voided"), "There is no payment, break or case p9"),
        (("review", "decide", "p1", "melted"), "melted is no verdict for payment:p1. There is: captured, voided"),
        (("review", "decide", "p1", "captured"), "captured is not possible for payment:p1: say what the provider took"),
        (("review", "reject", "p1"), "Nothing is proposed for payment:p1."),
        (("case", "dispute", "123457"), "Case 123457 is about no payment."),
        (("wallet", "close", NUMBER), "close is not possible for wallet:w7890: there is money in it."),
    ],
)
def test_what_is_refused_is_one_sentence_and_an_exit_code(made: Path, words: tuple[str, ...], sentence: str):
    refused = say(made, ANI, *words)

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert sentence in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_wrong_passphrase_decides_nothing(shop: Path):
    words = ("review", "decide", "p1", "voided", "--as", ANI, "--reason", "seen")

    wrong = run(shop, *words, typed="something else\n")

    assert (wrong.exit_code, wrong.stdout) == (1, "")
    assert wrong.stderr.endswith("That is not the passphrase of ani. Tries left: 2.\n")
    assert objects(shop, "review", "show", "p1")[0]["proposals"] == []


def test_without_a_passphrase_nothing_is_done(made: Path):
    silent = run(made, "review", "decide", "p1", "voided", "--as", ANI, "--reason", "seen", typed="")

    assert (silent.exit_code, silent.stdout) == (1, "")
    assert "The passphrase of ani is read from standard input, and there is none." in silent.stderr


def test_a_case_is_closed_by_one(shop: Path):
    assert say(shop, ANI, "case", "close", "123456").stdout == "Case 123456 is closed, and its customer is told.\n"
    assert [one["number"] for one in objects(shop, "case", "list")] == ["123457"]


def test_a_case_leads_to_a_dispute_that_two_uphold(shop: Path):
    for name in (ANI, BUDI):
        say(shop, name, "review", "decide", "p1", "captured", "--cost", "22000")

    disputed = say(shop, ANI, "case", "dispute", "123456")
    say(shop, ANI, "review", "decide", "p1", "uphold")
    upheld = say(shop, BUDI, "review", "decide", "p1", "uphold")

    assert (disputed.stdout, upheld.stdout) == ("p1 is disputed now.\n", "p1 is refunded now.\n")
    assert [one["what"].split()[0] for one in objects(shop, "review", "list")] == ["callback_differs", "claim"]
    assert run(shop, "check").exit_code == 0


def test_a_wallet_is_stopped_by_one_and_let_go_by_two(shop: Path):
    stopped = say(shop, ANI, "wallet", "freeze", NUMBER)
    thawed = [say(shop, name, "wallet", "thaw", NUMBER).stdout for name in (BUDI, ANI)]

    assert stopped.stdout == "The wallet is frozen now.\n"
    assert thawed == [
        "Proposed as wallet:w7890#2. Another operator must say the same.\n",
        "The wallet is active now.\n",
    ]


# ---- operators


def test_a_third_operator_is_added_by_one_and_admitted_by_another(shop: Path):
    alone = run(shop, "operator", "add", CICI, typed=f"{phrase(CICI)}\n")
    added = run(shop, "operator", "add", "Cici", "--as", "ANI", typed=f"{phrase(ANI)}\n{phrase(CICI)}\n")
    admitted = say(shop, BUDI, "review", "decide", "operator:cici", "admit")

    assert (alone.exit_code, alone.stdout) == (1, "")
    assert "There are two operators already: name one of them with --as." in alone.stderr
    assert added.stdout.startswith("cici is added. Another operator must admit")
    assert admitted.stdout == "cici is an operator.\n"
    assert {one["name"]: one["state"] for one in objects(shop, "operator", "list")} == dict.fromkeys(
        (ANI, BUDI, CICI), "open"
    )


def test_an_operator_is_closed_by_another_one(shop: Path):
    few = run(shop, "operator", "close", BUDI, "--as", ANI, typed=f"{phrase(ANI)}\n")
    run(shop, "operator", "add", CICI, "--as", ANI, typed=f"{phrase(ANI)}\n{phrase(CICI)}\n")
    say(shop, BUDI, "review", "decide", "operator:cici", "admit")

    closed = run(shop, "operator", "close", BUDI, "--as", ANI, typed=f"{phrase(ANI)}\n")

    assert few.stderr == "loket: Two operators must be left to decide. Add another one first.\n"
    assert closed.stdout == "budi is no operator any more.\n"
    assert "budi      closed" in run(shop, "operator", "list").stdout


def test_a_passphrase_is_changed(shop: Path):
    changed = run(shop, "operator", "passphrase", ANI, typed=f"{phrase(ANI)}\nfour other words now\n")

    assert changed.stdout == "ani has a new passphrase.\n"
    assert say(shop, ANI, "case", "close", "123456").exit_code == 1


def test_a_name_that_is_none_is_refused(made: Path):
    refused = run(made, "operator", "add", "7 of 9", typed="x\n")

    assert refused.exit_code == 2
    assert "7 of 9 is no name for an operator" in refused.stderr
