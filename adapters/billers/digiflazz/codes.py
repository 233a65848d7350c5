"""What each response code proves: developer.digiflazz.com/api/buyer/response-code, one row a code.

The page says which status a code comes with and whether a transaction was created. From these follow the proofs, and
the table spells them out because money hangs on every cell:

* *Not created* is believed in answer to the first send only. A purchase is asked about by sending it again, and a
  refusal of that says nothing about the first.
* 01: the provider gave up waiting for its own seller. A seller that was only late delivers all the same, so the word
  of the first moment is not taken; said again when asked, it is the provider's own final account.
* 49: the key is taken, perhaps by this very attempt: never a proof of anything.
* 50, in answer to a question, means that the key is not known (yet): `NOT_CREATED`, which the core believes only past
  the finality window and said twice.
* 62-88 are refusals of the seller, final when first said and never taken elsewhere. The page has created nothing for
  most of them; asked again, those prove nothing for the reason above.
* 83, 85 and 86 limit how often one may ask: said to a question, they speak of the question.
* 99: the provider lost its way. A code that has no row here is treated the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from core.domain.payment import Proof

SUKSES, PENDING, GAGAL = "Sukses", "Pending", "Gagal"
PAID, FAILED, NOT_CREATED, GIVEN_BACK, NOTHING = (
    Proof.PAID,
    Proof.FAILED,
    Proof.NOT_CREATED,
    Proof.GIVEN_BACK,
    Proof.NOTHING,
)


class About(Enum):
    """What a refusal is about, and so who can mend it: the customer, nobody just now, our operator, the provider."""

    NUMBER = auto()
    DEBT = auto()
    PRODUCT = auto()
    ACCOUNT = auto()
    PROVIDER = auto()
    NEITHER = auto()


NUMBER, DEBT, PRODUCT, ACCOUNT, PROVIDER, NEITHER = About


@dataclass(frozen=True, slots=True)
class Row:
    """`first` is what the code proves in answer to the first send, `asked` in answer to any later question.

    `elsewhere`: refused for this provider's own trouble before anything was created, so another one may be tried.
    """

    code: str
    status: str
    created: bool
    first: Proof
    asked: Proof
    elsewhere: bool
    about: About


CODES: Mapping[str, Row] = {
    row[0]: Row(*row)
    for row in (
        # rc   status  created  first        asked        elsewhere  about
        ("00", SUKSES, True, PAID, PAID, False, NEITHER),  # Transaksi Sukses
        ("01", GAGAL, True, NOTHING, FAILED, False, NEITHER),  # Timeout
        ("02", GAGAL, True, FAILED, FAILED, False, NEITHER),  # Transaksi Gagal
        ("03", PENDING, True, NOTHING, NOTHING, False, NEITHER),  # Transaksi Pending
        ("40", GAGAL, False, NOT_CREATED, NOTHING, True, NEITHER),  # Payload Error
        ("41", GAGAL, False, NOT_CREATED, NOTHING, True, ACCOUNT),  # Signature tidak valid
        ("42", GAGAL, False, NOT_CREATED, NOTHING, True, ACCOUNT),  # Gagal memproses API Buyer
        ("43", GAGAL, False, NOT_CREATED, NOTHING, True, PRODUCT),  # SKU tidak ditemukan atau Non-Aktif
        ("44", GAGAL, False, NOT_CREATED, NOTHING, True, NEITHER),  # Saldo tidak cukup
        ("45", GAGAL, False, NOT_CREATED, NOTHING, True, ACCOUNT),  # IP Anda tidak kami kenali
        ("47", GAGAL, False, NOT_CREATED, NOTHING, False, NEITHER),  # Transaksi sudah terjadi di buyer lain
        ("49", GAGAL, False, NOTHING, NOTHING, False, NEITHER),  # Ref ID tidak unik
        ("50", GAGAL, True, FAILED, NOT_CREATED, False, NUMBER),  # Transaksi Tidak Ditemukan
        ("51", GAGAL, True, FAILED, FAILED, False, PRODUCT),  # Nomor Tujuan Diblokir
        ("52", GAGAL, True, FAILED, FAILED, False, NUMBER),  # Prefix Tidak Sesuai Dengan Operator
        ("53", GAGAL, True, FAILED, FAILED, False, PRODUCT),  # Produk Seller Sedang Tidak Tersedia
        ("54", GAGAL, True, FAILED, FAILED, False, NUMBER),  # Nomor Tujuan Salah
        ("55", GAGAL, True, FAILED, FAILED, False, PRODUCT),  # Produk Sedang Gangguan
        ("56", GAGAL, False, NOT_CREATED, NOTHING, True, PRODUCT),  # Limit saldo seller
        ("57", GAGAL, True, FAILED, FAILED, False, NUMBER),  # Jumlah Digit Kurang Atau Lebih
        ("58", GAGAL, True, FAILED, FAILED, False, PRODUCT),  # Sedang Cut Off
        ("59", GAGAL, True, FAILED, FAILED, False, NUMBER),  # Tujuan di Luar Wilayah/Cluster
        ("60", GAGAL, True, FAILED, FAILED, False, DEBT),  # Tagihan belum tersedia
        ("61", GAGAL, False, NOT_CREATED, NOTHING, True, ACCOUNT),  # Belum pernah melakukan deposit
        ("62", GAGAL, False, FAILED, NOTHING, False, PRODUCT),  # Seller sedang mengalami gangguan
        ("63", GAGAL, False, FAILED, NOTHING, False, PRODUCT),  # Tidak support transaksi multi
        ("64", GAGAL, False, FAILED, NOTHING, False, NEITHER),  # Tarik tiket gagal
        ("65", GAGAL, False, FAILED, NOTHING, False, PRODUCT),  # Limit transaksi multi
        ("66", GAGAL, False, FAILED, NOTHING, False, PRODUCT),  # Cut Off (Perbaikan Sistem Seller)
        ("67", GAGAL, False, FAILED, NOTHING, False, PRODUCT),  # Seller belum ter-verifikasi
        ("68", GAGAL, False, FAILED, NOTHING, False, PRODUCT),  # Stok habis
        ("69", GAGAL, False, FAILED, NOTHING, False, PRODUCT),  # Harga seller lebih besar dari ketentuan harga Buyer
        ("70", GAGAL, True, FAILED, FAILED, False, NEITHER),  # Timeout Dari Biller
        ("71", GAGAL, True, FAILED, FAILED, False, PRODUCT),  # Produk Sedang Tidak Stabil
        ("72", GAGAL, True, FAILED, FAILED, False, PRODUCT),  # Lakukan Unreg Paket Dahulu
        ("73", GAGAL, True, FAILED, FAILED, False, PRODUCT),  # Kwh Melebihi Batas
        ("74", GAGAL, True, GIVEN_BACK, GIVEN_BACK, False, NEITHER),  # Transaksi Refund
        ("80", GAGAL, False, FAILED, NOTHING, False, PRODUCT),  # Akun Anda telah diblokir oleh Seller
        ("81", GAGAL, False, FAILED, NOTHING, False, PRODUCT),  # Seller ini telah diblokir oleh Anda
        ("82", GAGAL, False, FAILED, NOTHING, False, ACCOUNT),  # Akun Anda belum ter-verifikasi
        ("83", GAGAL, False, FAILED, NOTHING, False, NEITHER),  # Limitasi pengecekan pricelist tercapai
        ("84", GAGAL, True, FAILED, FAILED, False, PRODUCT),  # Nominal tidak valid
        ("85", GAGAL, True, FAILED, NOTHING, False, NEITHER),  # Limitasi transaksi tercapai
        ("86", GAGAL, True, FAILED, NOTHING, False, NEITHER),  # Limitasi pengecekan nomor PLN tercapai
        ("87", GAGAL, False, FAILED, NOTHING, False, PRODUCT),  # Transaksi E-money wajib kelipatan Rp 1.000
        ("88", GAGAL, False, FAILED, NOTHING, False, ACCOUNT),  # Akun Anda tidak dapat melakukan aksi ini
        ("99", PENDING, True, NOTHING, NOTHING, False, PROVIDER),  # DF Router Issue
    )
}
