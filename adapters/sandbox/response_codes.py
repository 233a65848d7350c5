"""Every response code of the Digiflazz buyer API: developer.digiflazz.com/api/buyer/response-code.

`created` is the page's column "Terbentuk Transaksi": whether the provider has made a transaction, so that the
ref_id is used up. Where it says no, nothing exists and the same ref_id may be sent again.
"""

from __future__ import annotations

from dataclasses import dataclass

SUCCESS, PENDING, FAILED = "Sukses", "Pending", "Gagal"


@dataclass(frozen=True, slots=True)
class ResponseCode:
    rc: str
    message: str
    state: str = FAILED
    created: bool = True

    @property
    def keeps_money(self) -> bool:
        """Whether the price stays debited from the deposit while a transaction answers with this code."""
        return self.created and self.state != FAILED


def code(rc: str) -> ResponseCode:
    """The documented code; one that is not documented is a transaction nobody can place."""
    return CODES.get(rc) or ResponseCode(rc, "Status Tidak Diketahui", "Diproses")


def _refused(rc: str, message: str) -> ResponseCode:
    return ResponseCode(rc, message, created=False)


CODES = {
    row.rc: row
    for row in (
        ResponseCode("00", "Transaksi Sukses", SUCCESS),
        ResponseCode("01", "Timeout"),
        ResponseCode("02", "Transaksi Gagal"),
        ResponseCode("03", "Transaksi Pending", PENDING),
        _refused("40", "Payload Error"),
        _refused("41", "Signature tidak valid"),
        _refused("42", "Gagal memproses API Buyer"),
        _refused("43", "SKU tidak di temukan atau Non-Aktif"),
        _refused("44", "Saldo tidak cukup"),
        _refused("45", "IP Anda tidak kami kenali"),
        _refused("47", "Transaksi sudah terjadi di buyer lain"),
        _refused("49", "Ref ID tidak unik"),
        ResponseCode("50", "Transaksi Tidak Ditemukan"),
        ResponseCode("51", "Nomor Tujuan Diblokir"),
        ResponseCode("52", "Prefix Tidak Sesuai Dengan Operator"),
        ResponseCode("53", "Produk Seller Sedang Tidak Tersedia"),
        ResponseCode("54", "Nomor Tujuan Salah"),
        ResponseCode("55", "Produk Sedang Gangguan"),
        _refused("56", "Limit saldo seller"),
        ResponseCode("57", "Jumlah Digit Kurang Atau Lebih"),
        ResponseCode("58", "Sedang Cut Off"),
        ResponseCode("59", "Tujuan di Luar Wilayah/Cluster"),
        ResponseCode("60", "Tagihan belum tersedia"),
        _refused("61", "Belum pernah melakukan deposit"),
        _refused("62", "Seller sedang mengalami gangguan"),
        _refused("63", "Tidak support transaksi multi"),
        _refused("64", "Tarik tiket gagal, coba nominal lain atau hubungi admin"),
        _refused("65", "Limit transaksi multi"),
        _refused("66", "Cut Off (Perbaikan Sistem Seller)"),
        _refused("67", "Seller belum ter-verifikasi"),
        _refused("68", "Stok habis"),
        _refused("69", "Harga seller lebih besar dari ketentuan harga Buyer"),
        ResponseCode("70", "Timeout Dari Biller"),
        ResponseCode("71", "Produk Sedang Tidak Stabil"),
        ResponseCode("72", "Lakukan Unreg Paket Dahulu"),
        ResponseCode("73", "Kwh Melebihi Batas"),
        ResponseCode("74", "Transaksi Refund"),
        _refused("80", "Akun Anda telah diblokir oleh Seller"),
        _refused("81", "Seller ini telah diblokir oleh Anda"),
        _refused("82", "Akun Anda belum ter-verifikasi"),
        _refused("83", "Limitasi pengecekan pricelist tercapai"),
        ResponseCode("84", "Nominal tidak valid"),
        ResponseCode("85", "Limitasi transaksi tercapai"),
        ResponseCode("86", "Limitasi pengecekan nomor PLN tercapai"),
        _refused("87", "Transaksi E-money wajib kelipatan Rp 1.000"),
        _refused("88", "Akun Anda tidak dapat melakukan aksi ini"),
        ResponseCode("99", "DF Router Issue", PENDING),
    )
}
