"""The bank's file, the day and the trust money, as an operator types them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.statements.bank_accounts import BadAccounts, read_accounts
from core.domain.bank_sorting import BankAccount, LineRule, Sort
from core.domain.money import Money
from core.services.ticket import open_ticket
from tests.adapters.statements.files import mt940
from tests.support.counters import bench
from tests.support.fakes import NOON
from tests.support.operators import objects, run

ACCOUNTS = """
[BCA]
account = "123-456-7890"
trust = true
[[BCA.lines]]
sort = "funded"
whose = "digiflazz"
texts = ["ke digiflazz"]
[[BCA.lines]]
sort = "fee"
texts = ["BIAYA ADM"]
[mandiri]
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A counter with a ticket of 50,0xx, some days ago; its bank's file of that day, and the file of its accounts."""
    sum_ = asyncio.run(_awaited(tmp_path))
    lines = [
        f"C{sum_},00 FT1 ANI",
        "C70000,00 FT2 =cmd",
        "D100000,00 FT3 KE DIGIFLAZZ",
        "D6500,00 FT4 BIAYA ADM",
        "C200000,00 FT0 the first",
    ]
    closes = 200_000 + sum_ + 70_000 - 106_500
    (tmp_path / "bca.sta").write_text(mt940(*lines, opens="0,00", closes=f"{closes},00"), "utf-8")
    (tmp_path / "accounts.toml").write_text(ACCOUNTS, "utf-8")
    return tmp_path


async def _awaited(folder: Path) -> int:
    async with bench(folder) as at:
        wallet = await at.customer()
        change = await open_ticket(at.counter, wallet.wallet_id, Money.of(50_000, "IDR"), now=NOON)
        return (await at.store.commit(change)).amount.major


def loket(place: Path, *words: str):
    return run(place, *words, BANK_ACCOUNTS=str(place / "accounts.toml"))


def test_a_banks_file_is_told_line_by_line_and_what_waits_ends_with_1(place: Path):
    done = loket(place, "reconcile", str(place / "bca.sta"), "--bank", "bca", "--as", "ani")

    assert done.exit_code == 1
    head, _, *rest = done.stdout.splitlines()
    assert head.startswith("Statement 1/1 until 2026-11-20: 5 lines, from 0 IDR to ")
    sorts = {line.split()[0]: line.split()[4] for line in rest if line.startswith("FT")}
    assert sorts == {"FT0": "matched", "FT1": "ticket", "FT2": "unidentified", "FT3": "funded", "FT4": "fee"}
    assert rest[-1] == "For two operators, in `loket review list`: 1 fee, 1 unidentified."
    again = loket(place, "reconcile", str(place / "bca.sta"), "--bank", "BCA")
    assert (again.exit_code, again.stdout.splitlines()[-1]) == (0, "5 lines were read before.")


def test_a_file_that_does_not_add_up_is_refused_in_one_sentence(place: Path):
    text = (place / "bca.sta").read_text("utf-8").replace("70000", "70001")
    (place / "bent.sta").write_text(text, "utf-8")

    done = loket(place, "reconcile", str(place / "bent.sta"), "--bank", "BCA")

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("loket: Statement 1/1 of 1234567890 does not add up: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_days_trust_money_is_shown_and_written(place: Path):
    loket(place, "reconcile", str(place / "bca.sta"), "--bank", "BCA")
    cut = loket(place, "day", "cut", "--day", "2026-11-20")
    again = loket(place, "day", "cut", "--day", "2026-11-20")

    shown = loket(place, "day", "show", "2026-11-20", "--csv", str(place / "d.csv"), "--page", str(place / "d.html"))

    assert (cut.exit_code, cut.stdout[:17]) == (0, "2026-11-20 is cut")
    assert again.stderr.startswith("loket: 2026-11-20 was cut before")
    assert shown.stdout.splitlines()[-1] == "The trust accounts lack 106.500 IDR of what we owe."
    assert "FT4: at the bank, not in the book of this day  -6500" in shown.stdout
    assert "deposit:digiflazz,-100000" in (place / "d.csv").read_text("utf-8")
    assert "lack 106.500 IDR" in (place / "d.html").read_text("utf-8")


def test_a_days_trust_money_as_json(place: Path):
    loket(place, "reconcile", str(place / "bca.sta"), "--bank", "BCA")
    loket(place, "day", "cut", "--day", "2026-11-20")

    done = run(place, "day", "show", "2026-11-20", "--json", BANK_ACCOUNTS=str(place / "accounts.toml"))
    [moved] = objects(place, "deposit", "moved", "digiflazz")

    assert done.exit_code == 0
    assert '"short_minor": 10650000' in done.stdout
    assert (moved["amount_minor"], moved["at_bank"], moved["at_provider"]) == (10_000_000, True, False)


def test_a_day_that_is_not_cut_cannot_be_shown_nor_one_that_is_not_over_be_cut(place: Path):
    shown = loket(place, "day", "show", "2026-11-20")
    cut = loket(place, "day", "cut", "--day", str(NOON.date() + timedelta(days=5000)))

    assert shown.stderr.startswith("loket: 2026-11-20 is not cut: there are no balances of it.")
    assert cut.stderr.rstrip().endswith("is not over in this counter's time zone. Nothing was cut.")
    assert loket(place, "day", "show", "yesterday").exit_code == 2


# ---- the file of accounts


def test_accounts_are_read_with_their_rules(place: Path):
    assert read_accounts(place / "accounts.toml") == {
        "BCA": BankAccount(
            "BCA",
            "123-456-7890",
            trust=True,
            rules=(
                LineRule(Sort.FUNDED, "digiflazz", ("KE DIGIFLAZZ",)),
                LineRule(Sort.FEE, "BCA", ("BIAYA ADM",)),
            ),
        ),
        "MANDIRI": BankAccount("MANDIRI", ""),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[BCA", "is no TOML"),
        ("BCA = 1", r"\[BCA\] is no table"),
        ("[BCA]\nacount = '1'", "there is no acount; there is account, trust, lines"),
        ("[BCA]\ntrust = 'yes'", "trust is of the wrong kind"),
        ("[[BCA.lines]]\nsort = 'ticket'\ntexts = ['abcd']", "sort is one of funded, settlement, fee"),
        ("[[BCA.lines]]\nsort = 'fee'\ntexts = ['a']", "four signs or more"),
        ("[[BCA.lines]]\nsort = 'fee'\ntexts = []", "four signs or more"),
        ("[[BCA.lines]]\nsort = 'fee'", "four signs or more"),
        ("[[BCA.lines]]\nsort = 'funded'\ntexts = ['abcd']", "whose names the provider or the biller"),
    ],
)
def test_a_file_of_accounts_with_a_slip_is_refused_in_a_sentence(tmp_path: Path, text: str, said: str):
    (tmp_path / "a.toml").write_text(text, "utf-8")

    with pytest.raises(BadAccounts, match=said):
        read_accounts(tmp_path / "a.toml")


def test_a_file_of_accounts_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(BadAccounts, match="No such file"):
        read_accounts(tmp_path / "a.toml")
