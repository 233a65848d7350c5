"""A country that fits on one screen, right in every line, for tests to break one line of."""

from pathlib import Path

COUNTRY = """
currency = "IDR"
time_zone = "Asia/Jakarta"
phone_region = "ID"
providers = ["switch"]
retired_routes = [13]

[categories.power]
name = "Electricity"
icon = "⚡"
known_as = ["listrik"]

[categories.airtime]
name = "Airtime"
icon = "📱"
by_number = true
"""

POWER = """
[token]
route = 11
kind = "prepaid"
name = "{biller} token"
biller.id = "state-power"
biller.name = "The State's Company for Power"
biller.brief = "State Power"
biller.icon = "⚡"
biller.spoken = "State Power"
gives_token = true
fee = 2500
reference.name = "meter number"
reference.lengths = [11]
reference.example = "12345678901"
[token.denominations]
20 = { price = 20000, codes.switch = "t20" }
50 = { price = 50000, codes.switch = "t50" }

[bill]
route = 12
kind = "postpaid"
name = "Electricity bill"
biller = "state-power"
fee = 0
commission = 1800
reference.name = "customer number"
reference.lengths = [11, 12]
reference.example = "12345678903"
reference.check = "luhn"
pause.from = "23:00"
pause.until = "01:00"
codes.switch = "bill"
"""

AIRTIME = """
[each]
kind = "prepaid"
name = "{biller} airtime"
biller.icon = "📱"
fee = 0
reference.name = "phone number"
reference.phone = true
reference.lengths = [10, 11, 12, 13]

[red]
route = 21
biller.id = "red"
biller.name = "Red"
biller.spoken = "Red"
reference.prefixes = ["0811", "0812"]
reference.example = "081200000000"
[red.denominations]
10 = { worth = 10000, price = 12000, codes.switch = "r10" }

[blue]
route = 22
biller.id = "blue"
biller.name = "Blue"
biller.spoken = "Blue"
reference.prefixes = ["0817"]
reference.example = "081700000000"
[blue.denominations]
1 = { name = "1 GB", days = 30, price = 9000, codes.switch = "b1" }
"""

FILES = {"country.toml": COUNTRY, "power.toml": POWER, "airtime.toml": AIRTIME}


def written(folder: Path, **changed: str) -> Path:
    """The country in a folder; `power="…"` stands for another power.toml."""
    for name, words in FILES.items():
        (folder / name).write_text(changed.get(name.removesuffix(".toml"), words), "utf-8")
    return folder


def with_line(folder: Path, file: str, line: str, instead: str) -> Path:
    """The country with one of its lines changed, wherever that line stands in the file."""
    words = FILES[file]
    assert words.count(f"\n{line}\n") == 1, f"{line!r} is not one line of {file}"
    return written(folder, **{file.removesuffix(".toml"): words.replace(f"\n{line}\n", f"\n{instead}\n")})
