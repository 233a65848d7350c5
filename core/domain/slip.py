"""The receipt as a thing to keep: what a channel draws as a picture, or reads out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slip:
    """A receipt as a thing to keep, in the words of one language; a channel draws it or reads it out."""

    heading: str  # "Paid", or the sentence of the state the payment is in
    product: str  # "Electricity token"
    biller: str  # "PLN"
    total: str  # "Rp52,500"
    lines: tuple[tuple[str, str], ...]  # (label, value): reference, holder, fee, date, serial
    token: str = ""  # in groups of four; blank: the product has none
    token_label: str = ""
    number: str = ""  # the receipt's number in groups, "000 034"
    number_label: str = ""
    icon: str = ""  # the picture name of the category, "category/electricity"
    code: str = ""  # what the QR code says, the proof where there is one; blank: no QR code
    check: str = ""  # the code to say, "Code 7K2Q 9XJF"; blank: none
