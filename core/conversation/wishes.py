"""Free text where a menu or a list was shown: `token 50`, `pulsa 10000 0812…`, or only a number that was pasted.

A sentence is understood word for word or not at all: what it names, at most one amount, at most one number. It moves
nothing. It only leads to the flow that asks for the rest, and where two billers may be meant, that flow asks which one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.catalogue import CounterCatalogue
from core.conversation.engine import HOME
from core.conversation.flows.pay_again import AT_MOST
from core.conversation.flows.phone_credit import OTHER
from core.conversation.routes import Begun
from core.conversation.sentence import SHORTEST_ALONE, Amount, Reading, Sentence, sentence_of
from core.conversation.session import Answers
from core.conversation.talk import Talk
from core.domain.biller import Kind, Product, home_number

# Words that say what kind of payment is meant, whoever is paid.
KINDS = {
    **dict.fromkeys("tagihan rekening pascabayar bill bills postpaid bili".split(), Kind.POSTPAID),
    **dict.fromkeys("prabayar prepaid".split(), Kind.PREPAID),
}
# Words that say nothing here: buy, pay, please, for, my number. Any other unknown word makes a sentence no wish.
FILLERS = frozenset(
    """
    beli belikan bayar bayarkan bayarin isi isikan isiin ulang saldo mau ingin pengen minta tolong mohon saya aku untuk
    buat ke di yang dong donk ya yah nih deh sih aja saja dengan dan nomor nomer no nmr hp telepon telpon telp meter
    meteran pelanggan id idpel seharga sebesar senilai rupiah rp halo hai bu pak mas mbak kak terima kasih makasih

    buy pay for to the a an my me i want need would like please can you get recharge top up reload number meter phone
    customer account of on worth and hello hi thanks thank

    nunua nunulia lipa lipia weka ongeza nataka naomba tafadhali kununua kulipa kulipia kwa ya wa la cha za na ni namba
    nambari simu mita yangu shilingi habari asante
    """.split()
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is meant: one of these products, so much of it, for this number, which no rule has read yet."""

    products: tuple[Product, ...]
    amount: Amount | None = None
    number: str = ""

    @property
    def wanted(self) -> Answers:
        """The denomination of the amount; none where products call it differently."""
        amount = self.amount
        called = {amount.of(one) for one in self.products} - {""} if amount else set()
        return {"wanted": called.pop()} if len(called) == 1 else {}


# ---- where it leads


async def wished(talk: Talk, words: str) -> Begun | None:
    """Where a sentence leads that was no option of the list; None when it is not understood."""
    wish = understood(words, talk.counter.catalogue) if talk.session.wallet_id else None
    if wish is None:
        return None
    if len(wish.products) == 1:
        return await _to_pay(talk, wish, wish.products[0])
    categories = {one.category for one in wish.products}
    taken = wish.number and wish.products[0].reference.takes(wish.number)
    if taken or len(categories) > 1:
        return _to_choice(talk, wish, wish.number if taken else "")
    return _to_category(talk, wish, categories.pop())


async def _to_pay(talk: Talk, wish: Wish, product: Product) -> Begun:
    """With the number still to be read by the product's rule, or the one that is kept for it."""
    number = wish.number or await _kept(talk, product)
    session = talk.session.home(HOME).into("pay", {"product": product.product_id, **wish.wanted})
    return Begun(session, (number,) if number else ())


async def _kept(talk: Talk, product: Product) -> str:
    """The number that is kept for this product, where it is the only one."""
    payees = await talk.counter.store.payees_of(talk.session.wallet_id, limit=AT_MOST)
    kept = [one.reference for one in payees if one.saved and one.product_id == product.product_id]
    return kept[0] if len(kept) == 1 else ""


def _to_choice(talk: Talk, wish: Wish, number: str) -> Begun:
    among = " ".join(one.product_id for one in wish.products)
    return Begun(talk.session.home(HOME).into("which_product", {"among": among, "number": number, **wish.wanted}))


def _to_category(talk: Talk, wish: Wish, category_id: str) -> Begun:
    """Its list; or whose number, where the number tells the product. A number that nobody has is refused there."""
    home = talk.session.home(HOME)
    if not talk.counter.catalogue.category(category_id).by_number:
        return Begun(home.into("pay_bill", {"category": category_id}))
    answers: Answers = {"category": category_id, **wish.wanted}
    if not wish.number:
        return Begun(home.into("phone_credit", answers))
    return Begun(home.into("phone_credit", {**answers, "whose": OTHER}), (wish.number,))


# ---- what is meant


def understood(words: str, catalogue: CounterCatalogue) -> Wish | None:
    """What a sentence means, in words of the catalogue. Never raises, whatever is typed."""
    sentence = sentence_of(words)
    named = _named(sentence.words, catalogue) if sentence else None
    if sentence is None or named is None:
        return None
    return _of_products(sentence, named) if named else _of_number(sentence, catalogue)


def _named(words: tuple[str, ...], catalogue: CounterCatalogue) -> tuple[Product, ...] | None:
    """The products that all the words together mean; empty when they only fill, None when they mean nothing."""
    meant: list[frozenset[str]] = []
    kinds: set[Kind] = set()
    while words:
        length = _phrase(words, catalogue)
        if length:
            meant.append(catalogue.words[words[:length]])
        elif words[0] in KINDS:
            kinds.add(KINDS[words[0]])
        elif words[0] not in FILLERS:
            return None
        words = words[length or 1 :]
    if not meant:
        return None if kinds else ()
    ids = frozenset.intersection(*meant)
    return tuple(one for one in catalogue.on_sale if one.product_id in ids and kinds <= {one.kind}) or None


def _phrase(words: tuple[str, ...], catalogue: CounterCatalogue) -> int:
    """How many words, the most there can be, are a phrase of the catalogue; 0 where the first begins none."""
    longest = max(map(len, catalogue.words), default=0)
    return next((length for length in range(min(longest, len(words)), 0, -1) if words[:length] in catalogue.words), 0)


def _of_products(sentence: Sentence, named: tuple[Product, ...]) -> Wish | None:
    """What is named, narrowed by number and amount. A number that none takes goes on, to be refused with a reason."""
    readings = sentence.readings()
    likely = _likely(readings, named)
    if not likely and len(readings) == 1:
        return Wish(named, *readings[0])
    return _narrowed(named, *likely[0]) if len(likely) == 1 else None


def _of_number(sentence: Sentence, catalogue: CounterCatalogue) -> Wish | None:
    """A phone number is for airtime. Any other is for what its length tells, or for one of all that take it."""
    long = [reading for reading in sentence.readings() if len(reading[1]) >= SHORTEST_ALONE]
    likely = _likely(long, catalogue.on_sale)
    if len(likely) != 1:
        return None
    amount, number = likely[0]
    if airtime := _airtime(number, catalogue):
        return Wish((airtime,), amount, number)
    wish = _narrowed(catalogue.on_sale, amount, number)
    telling = tuple(one for one in wish.products if _tells(one))
    if len(telling) == 1 and telling[0].prepaid:
        return Wish(telling, amount, number)
    return Wish((*telling, *(one for one in wish.products if one not in telling)), amount, number)


def _airtime(number: str, catalogue: CounterCatalogue) -> Product | None:
    """What the operator of a phone number sells first, if it is written as one: with 0 or the country's prefix."""
    home = home_number(number, catalogue.phone_region)
    if home is None or home == f"0{number}":
        return None
    shelves = (one.category_id for one in catalogue.categories if one.by_number)
    return next((product for shelf in shelves if (product := catalogue.by_number(shelf, number))), None)


def _tells(product: Product) -> bool:
    """Whether a number may be known by this rule: one of many lengths and any beginning takes nearly every number."""
    return bool(product.reference.prefixes) or len(product.reference.lengths) <= 2


def _narrowed(products: Sequence[Product], amount: Amount | None, number: str) -> Wish:
    """Those that take the number, and of them those that sell the amount, if there are any."""
    taking = _taking(products, number)
    selling = tuple(one for one in taking if amount and amount.of(one))
    return Wish(selling or taking, amount, number)


def _taking(products: Sequence[Product], number: str) -> tuple[Product, ...]:
    return tuple(one for one in products if not number or one.reference.takes(number))


def _likely(readings: Sequence[Reading], products: Sequence[Product]) -> list[Reading]:
    """The readings whose number some product takes; of several, those whose amount it sells too."""
    taken = [(amount, number) for amount, number in readings if _taking(products, number)]
    sold = [
        (amount, number)
        for amount, number in taken
        if amount is None or any(amount.of(one) for one in _taking(products, number))
    ]
    return sold or taken
