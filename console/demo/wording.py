"""The operator's words for what happens, for a page that a stranger reads."""

from __future__ import annotations

from collections.abc import Mapping

ENTRIES: Mapping[str, str] = {
    "top_up": "Money came in at the bank",
    "take_back": "Money went back to who sent it",
    "set_aside": "Money came in that no wallet can take",
    "fund_deposit": "We filled our deposit at the provider",
    "authorize": "Hold: the money is set aside",
    "capture": "Capture: sold, so the hold is spent",
    "void": "Release: not sold, the money goes back",
    "expire": "Release: never sent, the money goes back",
    "cancel": "Release: cancelled, the money goes back",
    "arrive_late": "Sold after all, after the money went back",
    "settle_late": "The customer paid for a late sale",
    "write_off": "A late sale is written off",
    "undo": "The late sale was undone",
    "attempt_late": "A second provider was paid as well",
    "give_back": "The provider returned the money",
    "refund": "Refund: the money goes back",
    "uphold": "The complaint is upheld",
}

ACCOUNTS: Mapping[str, str] = {
    "bank": "Bank",
    "deposit": "Deposit at the provider",
    "claim": "Claim on the provider",
    "receivable": "Owed by the customer",
    "held": "On hold",
    "unidentified": "Nobody’s yet",
    "margin": "Margin",
    "fee": "Fee",
    "commission": "Commission",
    "loss": "Loss",
}

CALLS: Mapping[str, str] = {
    "prices": "What do you sell?",
    "balance": "What is our deposit?",
    "inquire": "Whose number is this?",
    "submit": "Sell this",
    "ask_outcome": "What became of it?",
}

OUTCOMES: Mapping[str, str] = {
    "00": "sold",
    "01": "timed out over there",
    "02": "failed",
    "03": "pending",
    "99": "pending",
    "answered": "a list",
    "not_sent": "not reached",
    "no_answer": "no answer",
    "redirected": "sent elsewhere",
    "server_error": "server error",
    "too_big": "an answer too long to read",
    "not_json": "an answer nobody can read",
    "resting": "not asked: it failed too often, it rests",
    "unmapped": "an answer nobody knows",
}

MESSAGES: Mapping[str, str] = {
    "captured": "Receipt",
    "top_up": "Money came in",
    "take_back": "Money went back",
    "voided": "Not sold, money is back",
    "expired": "Not sold, money is back",
    "cancelled": "Not sold, money is back",
    "refunded": "Refund",
    "late": "Delivered late",
    "in_doubt": "We are still asking",
    "go_on": "Cut off: go on here",
    "link": "Wallet opened in a chat",
    "bill": "Reminder of a bill",
}

CHANNELS: Mapping[str, str] = {"telegram": "by Telegram"}


def of_entry(kind: str) -> str:
    return ENTRIES.get(kind, _plainly(kind))


def of_account(account: str, owners: Mapping[str, str]) -> str:
    """`owners` are names by wallet id; a wallet of nobody known stays a wallet."""
    kind, _, whose = account.partition(":")
    if kind == "wallet":
        return f"{owners[whose]}’s wallet" if whose in owners else "A wallet"
    return ACCOUNTS.get(kind, _plainly(kind))


def of_call(call: str) -> str:
    return CALLS.get(call, _plainly(call))


def of_outcome(call: str, outcome: str) -> str:
    if outcome == "00" and call == "inquire":
        return "found"
    return OUTCOMES.get(outcome, f"code {outcome}")


def of_message(message_id: str) -> str:
    return MESSAGES.get(message_id.partition(":")[0], "Message")


def of_channel(channel: str) -> str:
    """A chat has no number; which one it is, is nobody's business."""
    return CHANNELS.get(channel, f"by {_plainly(channel)}")


def _plainly(name: str) -> str:
    return name.replace("_", " ").capitalize()
