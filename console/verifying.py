"""What `loket audit verify` finds: a proof by itself, an exported journal, or the store, against signed heads."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, Any

import click

from adapters.settings import load
from adapters.wiring import Wired, audit_keys, is_signed
from console.commands.open import when, with_counter
from core.domain.canonical import leaf_of
from core.domain.export import NotALine, entry_of
from core.domain.head import Head, NotAHead, NotAKey, PublicKey, heads_in
from core.domain.invariants import Violation, tree_violations
from core.domain.merkle import ProofRefused
from core.domain.payment import receipt_number
from core.domain.receipt_proof import NotAProof, Proof, read_proof
from core.domain.recount import Recount

SHOWN = 20


class KeyWord(click.ParamType[PublicKey]):
    """A public key, as `loket audit keygen` prints it."""

    name = "key"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> PublicKey:
        try:
            return PublicKey.read(str(value))
        except NotAKey as wrong:
            self.fail(str(wrong), param, ctx)


@dataclass(frozen=True, slots=True)
class Report:
    """Sentences for a person, facts for a program."""

    good: bool
    sentences: Sequence[str]
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def plain(self) -> dict[str, object]:
        return {"good": self.good, **self.facts, "sentences": list(self.sentences)}


# ---- a proof by itself


def proof_alone(words: str, keys: Sequence[PublicKey]) -> Report:
    """Without a key of the reader's own, that which the proof names is taken, and it is told."""
    try:
        proof = read_proof(words)
        proof.refuse_if_wrong()
        whose = list(keys) or ([PublicKey.read(proof.key)] if proof.key else [])
    except (NotAProof, NotAKey) as unreadable:
        raise click.ClickException(str(unreadable)) from None
    except ProofRefused as why:
        return Report(False, [f"The proof proves nothing: {why}."])
    if not whose:
        return Report(False, ["The proof names no key: give the counter's public key with --key."])
    if not is_signed(proof.head, whose):
        return Report(False, [f"The head is not signed by {whose[0].name} with the key {whose[0].key_id}."])
    told = [] if keys else [f"The key is the one that the proof names: compare it with what is published, {proof.key}"]
    return Report(True, [*_said_of(proof), *told], _facts(proof))


def _said_of(proof: Proof) -> Iterator[str]:
    head = proof.head
    what = f"Receipt {receipt_number(proof.entry)}" if proof.opened else f"Entry {proof.entry}"
    yield f"{what} is in the journal of {head.origin}: entry {proof.entry} of {head.size}, signed {when(head.at)}."
    if proof.opened:
        receipt = proof.opened.receipt
        bought = " ".join(word for word in (receipt.product_id, receipt.denomination_id) if word)
        yield f"It says: {bought} for {receipt.reference}, {receipt.total}, {when(receipt.at)}."
    else:
        yield f"It says: {proof.body}"
    yield f"Its code is {proof.code}."


def _facts(proof: Proof) -> dict[str, object]:
    return {
        "entry": proof.entry,
        "receipt": receipt_number(proof.entry) if proof.opened else None,
        "code": proof.code,
        "log": proof.head.origin,
        "size": proof.head.size,
        "signed_at": proof.head.at.isoformat(),
    }


# ---- a whole journal


def journal_against(begins: str, rest: IO[Any], words: str, keys: Sequence[PublicKey]) -> Report:
    """An export, line by line, and whatever heads somebody has kept."""
    heads = _heads(words)
    unsigned = list(_unsigned(heads, keys))
    recount = Recount(heads)
    with click.progressbar(
        length=os.fstat(rest.fileno()).st_size, label="Verifying", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        found = list(counted_again(_passing(chain([begins], rest), bar.update), recount))
    facts: dict[str, object] = {"entries": recount.size, "root": recount.root().hex(), "heads": len(heads)}
    if found or unsigned:
        return Report(False, [*found, *unsigned], facts)
    fits = f" That fits {_count(heads)} of the file." if heads else ""
    return Report(True, [f"{recount.size} entries, root {recount.root().hex()}.{fits}"], facts)


def counted_again(lines: Iterable[str], recount: Recount) -> Iterator[str]:
    """A sentence for each difference; after a line that is no entry in its place nothing can be said of the rest."""
    for line in lines:
        place = recount.size + 1
        try:
            entry = entry_of(line.removesuffix("\n"))
        except NotALine as why:
            yield f"Line {place} {why}."
            return
        if entry.index != place:
            yield f"Line {place} is entry {entry.index}."
            return
        for difference in recount.add(leaf_of(entry)):
            yield f"The journal {difference.sentence}."
    for difference in recount.end():
        yield f"The journal {difference.sentence}."


def _passing(lines: Iterable[str], advance: Any) -> Iterator[str]:
    read = 0
    for line in lines:
        read += len(line)
        if read > 1 << 20:
            advance(read)
            read = 0
        yield line


# ---- the store


def store_against(words: str, keys: Sequence[PublicKey]) -> Report:
    """The store's entries against its own tree and heads, and against those that somebody else has kept."""
    told, believed = _heads(words), [*keys, *audit_keys(load())]

    async def examined(parts: Wired) -> tuple[list[Violation], list[Head]]:
        async with parts.store.snapshot() as snapshot:
            found = await snapshot.consider(lambda contents: list(tree_violations(contents, told)))
            return found, await snapshot.consider(lambda contents: list(contents.heads()))

    found, own = with_counter(examined)
    unsigned = list(_unsigned([*told, *own], believed))
    facts: dict[str, object] = {"heads": len(own), "heads_told": len(told)}
    sentences = [f"{one.subject}: {one.detail}." for one in found] + unsigned
    if sentences:
        return Report(False, sentences, facts)
    return Report(True, [f"The journal fits {_count(own)} of the store and {_count(told)} of the file."], facts)


def _count(heads: Sequence[Head]) -> str:
    return "one head" if len(heads) == 1 else f"{len(heads)} heads"


def _heads(words: str) -> list[Head]:
    try:
        return heads_in(words)
    except NotAHead as wrong:
        raise click.ClickException(str(wrong)) from None


def _unsigned(heads: Sequence[Head], keys: Sequence[PublicKey]) -> Iterator[str]:
    """Heads that prove nothing, as nobody who is believed has signed them."""
    if heads and not keys:
        yield "Nobody's heads are believed: give a public key with --key."
        return
    wrong = [head for head in heads if not is_signed(head, keys)]
    for head in wrong[:SHOWN]:
        yield f"The head over {head.size} entries of {when(head.at)} is signed by no key that is believed."
    if len(wrong) > SHOWN:
        yield f"And {len(wrong) - SHOWN} heads more."
