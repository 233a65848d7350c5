"""What operators do all day: wallets, deposits, payments, the book, cases; for people and for programs."""

from __future__ import annotations

import asyncio
import getpass
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.commands.open import money
from core.domain.money import Money
from core.services.card_top_up import credit
from core.services.ticket import open_ticket
from tests.support.counters import bench
from tests.support.houses import a_sandbox, provider_at, started
from tests.support.operators import NUMBER, OTHER, objects, run

# ---- wallets


def test_a_wallet_is_shown_with_its_payments_and_without_the_whole_number(store: Path):
    done = run(store, "wallet", "show", NUMBER)

    assert done.exit_code == 0
    head, *payments = done.stdout.splitlines()
    assert head.startswith("+62812••••••90  active  ")
    assert NUMBER not in done.stdout
    assert {line.split()[0]: line.split()[1] for line in payments} == {"p2": "in_doubt", "p1": "captured"}


def test_a_wallet_as_json_holds_money_in_minor_units_and_no_hash(store: Path):
    [found] = objects(store, "wallet", "show", NUMBER)

    assert (found["state"], found["currency"], found["msisdn"]) == ("active", "IDR", NUMBER)
    assert isinstance(found["available_minor"], int)
    assert not [name for name in found if "hash" in name]


def test_a_top_up_is_posted_once_however_its_line_is_typed(store: Path):
    [before] = objects(store, "wallet", "show", OTHER)
    first = run(store, "wallet", "top-up", OTHER, "50.000", "--bank", "BCA", "--evidence", "TRX 1-a")

    again = run(store, "wallet", "top-up", OTHER, "50000", "--bank", " bca ", "--evidence", "trx  1-A")

    now = money(Money(before["available_minor"], "IDR") + Money.of(50_000, "IDR"))
    posted = re.fullmatch(rf"Posted as entry (\d+)\. \+62812••••••91 now has {now}\.\n", first.stdout)
    assert posted is not None
    assert (again.exit_code, again.stdout) == (1, "")
    assert again.stderr == f"loket: BCA TRX 1-A was posted before, as entry {posted[1]}. Nothing was posted now.\n"


def test_a_top_up_as_json(store: Path):
    [posted] = objects(store, "wallet", "top-up", OTHER, "1000", "--bank", "BRI", "--evidence", "7")

    assert posted.keys() == {"entry", "amount_minor", "currency", "available_minor"}
    assert (posted["amount_minor"], posted["currency"]) == (100_000, "IDR")


def test_whoever_posts_stands_in_the_book(store: Path):
    [posted] = objects(store, "wallet", "top-up", OTHER, "1000", "--bank", "BRI", "--evidence", "8", "--as", "ani")
    [mine] = objects(store, "wallet", "top-up", OTHER, "1000", "--bank", "BRI", "--evidence", "9")

    memos = {entry["index"]: entry["memo"] for entry in objects(store, "journal", "export")}
    assert (memos[posted["entry"]], memos[mine["entry"]]) == ("ani", getpass.getuser())


def test_a_top_up_is_taken_back_once_and_whole(store: Path):
    line = ("--bank", "BCA", "--evidence", "TRX 2-a")
    objects(store, "wallet", "top-up", OTHER, "50000", *line)

    part = run(store, "wallet", "take-back", OTHER, "20000", *line)
    elsewhere = run(store, "wallet", "take-back", NUMBER, "50000", *line)
    back = run(store, "wallet", "take-back", OTHER, "50.000", "--bank", "bca", "--evidence", "trx 2-A")
    again = run(store, "wallet", "take-back", OTHER, "50000", *line)

    for refused in (part, elsewhere):
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert "BCA TRX 2-A was another amount or wallet: see entry " in refused.stderr
    posted = re.fullmatch(r"Posted as entry (\d+)\. \+62812••••••91 now has [\d.]+ IDR\.\n", back.stdout)
    assert posted is not None
    assert again.stderr == f"loket: BCA TRX 2-A went back before, as entry {posted[1]}. Nothing was posted now.\n"


def test_what_is_taken_back_as_json(store: Path):
    line = ("--bank", "TELEGRAM", "--evidence", "charge_" + "9" * 100)
    never = run(store, "wallet", "take-back", OTHER, "1000", *line)
    objects(store, "wallet", "top-up", OTHER, "1000", "--bank", "BRI", "--evidence", "back-1")

    [back] = objects(store, "wallet", "take-back", OTHER, "1000", "--bank", "BRI", "--evidence", "back-1")

    assert never.stderr == f"loket: TELEGRAM CHARGE_{'9' * 100} never came in here. Nothing was posted.\n"
    assert back.keys() == {"entry", "amount_minor", "currency", "available_minor"}
    assert (back["amount_minor"], back["currency"]) == (100_000, "IDR")


def test_a_pin_is_reset_by_its_owners_proof_alone(store: Path):
    wrong = run(store, "wallet", "reset-pin", OTHER, typed="1984\n")
    right = run(store, "wallet", "reset-pin", OTHER, typed=" 1985 \n")

    assert wrong.exit_code == 1
    assert "That is not the proof given at enrolment. Nothing was changed." in wrong.stderr
    assert (right.exit_code, right.stdout) == (
        0,
        "The PIN is forgotten. The owner chooses a new one when she dials next.\n",
    )
    assert "1985" not in right.output + wrong.output


# ---- tickets


def test_awaited_transfers_are_listed_the_newest_first(tmp_path: Path):
    sums = asyncio.run(awaited(tmp_path, 50_000, 100_000))

    heads, *rows = (re.split(r"  +", line) for line in run(tmp_path, "ticket", "list").stdout.splitlines())

    assert heads == ["sum", "asked", "number", "opened", "good until"]
    assert [row[:3] for row in rows] == [
        [money(sums[1]), "100.000 IDR", "+62812••••••90"],
        [money(sums[0]), "50.000 IDR", "+62812••••••90"],
    ]
    assert NUMBER not in run(tmp_path, "ticket", "list").stdout
    assert [one["amount_minor"] for one in objects(tmp_path, "ticket", "list")] == [sums[1].minor, sums[0].minor]


def test_a_transfer_is_posted_once_by_its_sum(tmp_path: Path):
    [sum_] = asyncio.run(awaited(tmp_path, 50_000))
    line = ("--bank", "BCA", "--evidence", "TRX-9")

    nobodys = run(tmp_path, "ticket", "post", str(sum_.major + 1), *line)
    posted = run(tmp_path, "ticket", "post", str(sum_.major), *line)
    again = run(tmp_path, "ticket", "post", str(sum_.major), "--bank", "BCA", "--evidence", "TRX-10")

    assert (nobodys.exit_code, nobodys.stdout) == (1, "")
    assert re.fullmatch(r"loket: Nobody was asked to send Rp50,\d{3}\. Nothing was posted\.\n", nobodys.stderr)
    assert posted.stdout == f"Posted as entry 1. +62812••••••90 now has {money(sum_)}.\n"
    assert again.stderr.endswith("was posted before, as entry 1. Nothing was posted now.\n")
    assert run(tmp_path, "ticket", "list").stdout == "There is none.\n"


def test_a_posted_transfer_as_json(tmp_path: Path):
    [sum_] = asyncio.run(awaited(tmp_path, 50_000))

    [posted] = objects(tmp_path, "ticket", "post", str(sum_.major), "--bank", "BCA", "--evidence", "1")

    assert posted.keys() == {"entry", "wallet_id", "amount_minor", "currency", "available_minor", "late"}
    assert (posted["amount_minor"], posted["available_minor"], posted["currency"]) == (sum_.minor, sum_.minor, "IDR")


@pytest.mark.parametrize(("days", "exit_code", "said"), [(3, 0, "The ticket had run out at "), (31, 1, "too long ago")])
def test_a_late_transfer_is_posted_with_a_word_about_it_for_a_month(
    tmp_path: Path, days: int, exit_code: int, said: str
):
    [sum_] = asyncio.run(awaited(tmp_path, 50_000, ago=timedelta(days=days)))

    posted = run(tmp_path, "ticket", "post", str(sum_.major), "--bank", "BCA", "--evidence", "1")

    assert (posted.exit_code, said in posted.output) == (exit_code, True)


async def awaited(folder: Path, *amounts: int, ago: timedelta = timedelta(hours=1)) -> list[Money]:
    """The sums that somebody without money yet was asked to send, a minute apart."""
    async with bench(folder) as at:
        at.clock.at = datetime.now(UTC) - ago
        owner = await at.customer(NUMBER, rupiah=0)
        sums: list[Money] = []
        for whole in amounts:
            at.clock.pass_by(minutes=1)
            change = await open_ticket(at.counter, owner.wallet_id, Money.of(whole, "IDR"), now=at.clock.now())
            sums.append((await at.store.commit(change)).amount)
        return sums


# ---- deposits


async def test_a_deposit_is_funded_once_and_compared(tmp_path: Path):
    async with a_sandbox(opening_deposit=1_500_000) as url:
        settings = {**provider_at(url), "DATABASE_URL": f"sqlite:///{tmp_path / 'loket.db'}"}

        async def say(*words: str) -> tuple[int | None, str, str]:
            process = await started(tmp_path, "deposit", *words, **settings)
            out, err = await process.communicate()
            return process.returncode, out.decode(), err.decode()

        fund = ("fund", "digiflazz", "1.000.000", "--bank", "BCA", "--evidence", "D-1")
        assert await say(*fund) == (0, "Posted 1.000.000 IDR as entry 1.\n", "")
        assert await say(*fund) == (
            1,
            "",
            "loket: BCA D-1 was posted before, as entry 1. Nothing was posted now.\n",
        )
        assert json.loads(
            (await say("fund", "digiflazz", "1000", "--bank", "BCA", "--evidence", "D-2", "--json"))[1]
        ) == {
            "entry": 2,
            "provider": "digiflazz",
            "amount_minor": 100_000,
            "currency": "IDR",
        }
        assert json.loads((await say("show", "digiflazz", "--json"))[1]) == {
            "booked_minor": 100_100_000,
            "provider_minor": 150_000_000,
            "currency": "IDR",
        }
        assert (await say("show", "digiflazz"))[1].split("\n")[-2].split() == ["difference", "499.000", "IDR"]
    code, _, err = await say("show", "digiflazz")
    assert (code, err) == (1, "loket: digiflazz: no balance (not_sent)\n")


# ---- payments, the book, cases


def test_payments_are_listed_the_newest_first(store: Path):
    heads, *rows = (line.split() for line in run(store, "payment", "list").stdout.splitlines())

    assert heads == ["payment", "state", "total", "product", "reference", "changed"]
    assert {row[0]: row[1] for row in rows} == {"p1": "captured", "p2": "in_doubt"}
    assert "12345678901" not in run(store, "payment", "list").stdout


def test_payments_are_listed_by_state(store: Path):
    assert [one["payment_id"] for one in objects(store, "payment", "list", "--state", "in_doubt")] == ["p2"]
    assert run(store, "payment", "list", "--state", "review").stdout == "There is none.\n"
    assert len(objects(store, "payment", "list", "--limit", "1")) == 1


def test_payments_as_json_hold_money_in_minor_units(store: Path):
    [paid] = objects(store, "payment", "list", "--state", "captured")

    assert paid["currency"] == "IDR"
    assert {name for name in paid if name.endswith("_minor")} == {
        "amount_minor",
        "fee_minor",
        "most_minor",
        "cost_minor",
    }
    assert paid["authorized_at"].endswith("+00:00")


def test_a_payment_is_told_from_its_attempt_to_its_entries(store: Path):
    said = run(store, "payment", "show", "p1").stdout

    assert re.search(r"^p1  captured  [\d.]+ IDR \(fee [\d.]+ IDR\)$", said, re.MULTILINE)
    assert "attempt 1 at digiflazz: p1-1, paid" in said
    assert re.search(r"reply +00 +proves paid$", said, re.MULTILINE)
    assert re.search(r"^  entry \d+  capture  ", said, re.MULTILINE)


def test_a_payment_as_json_holds_its_whole_story(store: Path):
    [told] = objects(store, "payment", "show", "p2")

    assert (told["state"], told["attempts"][0]["key"]) == ("in_doubt", "p2-1")
    assert [one["kind"] for one in told["breaks"]] == ["callback_differs"]
    assert [leg.keys() for leg in told["entries"][0]["postings"]] == [{"account", "amount_minor"}] * 2
    assert sum(leg["amount_minor"] for leg in told["entries"][0]["postings"]) == 0


def test_the_journal_is_exported_whole_and_in_order(store: Path, tmp_path: Path):
    entries = objects(store, "journal", "export")
    written = run(store, "journal", "export", "--from", "2", "--to-file", str(tmp_path / "rest.jsonl"))

    assert [entry["index"] for entry in entries] == list(range(1, len(entries) + 1))
    assert all(sum(leg["amount_minor"] for leg in entry["postings"]) == 0 for entry in entries)
    assert all(entry["currency"] == "IDR" for entry in entries)
    assert (written.stdout, written.stderr) == ("", f"{len(entries) - 1} entries written.\n")
    assert [json.loads(line) for line in (tmp_path / "rest.jsonl").read_text("utf-8").splitlines()] == entries[1:]


def test_cases_and_breaks_are_listed(store: Path):
    assert "123456" in run(store, "case", "list").stdout
    assert [one["number"] for one in objects(store, "case", "list")] == ["123456"]
    assert "it names another number" in run(store, "case", "breaks").stdout
    assert [one["break_id"] for one in objects(store, "case", "breaks")] == ["b1"]


def test_money_that_no_wallet_can_take_is_a_break_until_it_went_back(tmp_path: Path):
    asyncio.run(paid_by_card_for_nobody(tmp_path))
    line = ("--bank", "TELEGRAM", "--evidence", "c-1")

    assert [one["kind"] for one in objects(tmp_path, "case", "breaks")] == ["set_aside"]
    back = run(tmp_path, "case", "take-back", "50000", *line)
    again = run(tmp_path, "case", "take-back", "50000", *line)

    assert back.stdout == "Posted 50.000 IDR as entry 2.\n"
    assert again.stderr == "loket: TELEGRAM C-1 went back before, as entry 2. Nothing was posted now.\n"
    assert objects(tmp_path, "case", "breaks") == []
    assert run(tmp_path, "check").exit_code == 0


def test_money_set_aside_goes_back_as_json(tmp_path: Path):
    asyncio.run(paid_by_card_for_nobody(tmp_path))

    [back] = objects(tmp_path, "case", "take-back", "50000", "--bank", "TELEGRAM", "--evidence", "c-1")

    assert back == {"entry": 2, "amount_minor": 5_000_000, "currency": "IDR"}


async def paid_by_card_for_nobody(folder: Path) -> None:
    async with bench(folder) as at:
        await credit(at.counter, "an old invoice", Money.of(50_000, "IDR"), charge_id="c-1", bank="telegram")


def test_where_there_is_nothing_it_is_said_so_and_a_program_reads_nothing(tmp_path: Path):
    for words in (["payment", "list"], ["ticket", "list"], ["case", "list"], ["case", "breaks"]):
        assert run(tmp_path, *words).stdout == "There is none.\n"
        assert objects(tmp_path, *words) == []
