"""`loket audit`: the tree over the journal, its signed heads, and proofs that need nobody's trust."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import click
import segno

from adapters.settings import load
from adapters.wiring import Ed25519Signer, Wired, audit_keys, new_private_key
from console.commands.asks import as_json
from console.commands.open import print_json, with_counter
from console.verifying import KeyWord, Report, journal_against, proof_alone, store_against
from core.domain.head import Head, PublicKey
from core.domain.payment import Payment
from core.domain.receipt import entry_of_receipt
from core.domain.receipt_proof import Proof
from core.services.grow_tree import grow_tree
from core.services.prove import opened_of
from core.services.prove import prove as prove_entry
from core.services.publish_head import sign_head

KEYGEN_EXAMPLE = """\b
Example:
  loket audit keygen counter.example.org/loket
"""
HEAD_EXAMPLES = """\b
Examples:
  loket audit head
  loket audit head --json
"""
PROVE_EXAMPLES = """\b
Examples:
  loket audit prove 000034
  loket audit prove 000034 --out proof.json --qr proof.png
  loket audit prove --entry 12
"""
VERIFY_EXAMPLES = """\b
Examples:
  loket audit verify proof.json --key counter.example.org/loket+1a2b3c4d+AQ…
  loket audit verify journal.jsonl --against heads.txt --key …
  loket audit verify --against heads.txt
"""
TERMINAL = "terminal"


@click.group()
def audit() -> None:
    """Heads of the journal's tree, and proofs that anybody can check without us."""


@audit.command(epilog=KEYGEN_EXAMPLE)
@click.argument("name")
@as_json
def keygen(name: str, json_: bool) -> None:
    """Make a key that signs heads. NAME tells whose heads they are: the counter's own address is a good one.

    The first line is a secret and goes into LOKET_AUDIT_KEY; the second is for everybody.
    """
    private = new_private_key(name)
    public = str(Ed25519Signer.read(private).key)
    if json_:
        print_json({"private": private, "public": public})
        return
    click.echo(private)
    click.echo(public)


@audit.command(epilog=HEAD_EXAMPLES)
@as_json
def head(json_: bool) -> None:
    """Show the newest head, signed now if there is a key and entries were added since the last one."""
    newest = with_counter(_signed_now)
    if newest is None:
        raise click.ClickException("There is no head: set LOKET_AUDIT_KEY, and post something.")
    if json_:
        print_json({**_shown(newest), "note": newest.note})
        return
    click.echo(newest.note, nl=False)


def _shown(newest: Head) -> dict[str, object]:
    return {"size": newest.size, "root": newest.root, "at": newest.at, "log": newest.origin, "key_id": newest.key_id}


async def _signed_now(parts: Wired) -> Head | None:
    """The newest head; one over the whole journal where there is a key."""
    while await grow_tree(parts.counter):
        pass
    return await sign_head(parts.counter) or await parts.store.newest_head()


@audit.command(epilog=PROVE_EXAMPLES)
@click.argument("receipt", required=False)
@click.option("--entry", type=click.IntRange(min=1), help="Index of any entry, instead of a receipt's number.")
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="A file for the proof.")
@click.option("--qr", help=f"A PNG file for the QR code of a receipt, or `{TERMINAL}`.")
def prove(receipt: str | None, entry: int | None, out: Path | None, qr: str | None) -> None:
    """Prove that a receipt, or any entry, is in the journal. The proof is JSON and complete in itself.

    That of a receipt shows what the receipt says and nothing else. That of another entry shows the entry.
    """
    index = entry or (entry_of_receipt(receipt) if receipt else None)
    if index is None:
        raise click.ClickException("Name a receipt by its number, like 000034, or an entry by --entry.")

    async def proven(parts: Wired) -> Proof:
        return await _proof(parts, index, as_receipt=entry is None)

    proof = with_counter(proven)
    if out:
        out.write_text(proof.as_json, "utf-8")
        click.echo(f"The proof of entry {proof.entry} is in {out}. Its code is {proof.code}.")
    elif not qr:
        click.echo(proof.as_json, nl=False)
    if qr:
        _draw(proof, qr)


async def _proof(parts: Wired, index: int, *, as_receipt: bool) -> Proof:
    await _signed_now(parts)
    found = await parts.store.entries_from(index, limit=1)
    if not found or (as_receipt and found[0].payment_id is None):
        raise click.ClickException(
            f"There is no {'receipt of' if as_receipt else ''} entry {index}.".replace("  ", " ")
        )
    [entry] = found
    payment = await parts.store.read(Payment, entry.payment_id) if entry.payment_id else None
    opened = await opened_of(parts.counter, payment, entry) if payment else None
    proof = await prove_entry(parts.counter, entry, opened)
    if proof is None:
        raise click.ClickException("No head was ever signed over that entry: set LOKET_AUDIT_KEY.")
    ours = (key for key in audit_keys(load()) if key.key_id == proof.head.key_id)
    return replace(proof, key=str(next(ours, "")))


def _draw(proof: Proof, where: str) -> None:
    if proof.opened is None:
        raise click.ClickException("Only the proof of a receipt fits a QR code.")
    code = segno.make(proof.as_line, error="l", micro=False, boost_error=False)
    if where == TERMINAL:
        code.terminal(compact=True)
        return
    code.save(where, scale=6, kind="png")
    click.echo(f"The QR code is in {where}.")


@audit.command(epilog=VERIFY_EXAMPLES)
@click.argument("file", required=False)
@click.option("--key", "keys", multiple=True, type=KeyWord(), help="Whose heads you believe; may be given again.")
@click.option("--against", help="A file of heads that were told outside.")
@as_json
def verify(file: str | None, keys: Sequence[PublicKey], against: str | None, json_: bool) -> None:
    """Verify FILE: a proof, the text of a receipt's QR code, or a whole journal as exported.

    For a file neither store nor settings are needed. Without FILE the configured store is compared with the heads of
    --against, and with all it has signed itself. Exit code 1 when anything is wrong.
    """
    heads = _read(against) if against else ""
    report = _verified(file, heads, keys) if file else store_against(heads, keys)
    if json_:
        print_json(report.plain)
    else:
        for sentence in report.sentences:
            click.echo(sentence)
    if not report.good:
        raise SystemExit(1)


def _verified(file: str, heads: str, keys: Sequence[PublicKey]) -> Report:
    """A journal is known by how its first line begins."""
    with _open(file) as text:
        begins = text.readline()
        if begins.startswith('{"index": '):
            return journal_against(begins, text, heads, keys)
        return proof_alone(begins + text.read(), keys)


def _read(file: str) -> str:
    with _open(file) as text:
        words: str = text.read()
    return words


@contextmanager
def _open(file: str) -> Iterator[IO[Any]]:
    """`-` is what is piped in."""
    try:
        with click.open_file(file, encoding="utf-8") as text:
            yield text
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is no text.") from None
