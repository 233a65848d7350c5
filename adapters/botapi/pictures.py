"""How large a picture is and how long a voice speaks, read from the first or the last bytes of a file."""

from __future__ import annotations

PNG = b"\x89PNG\r\n\x1a\n"
JPEG_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
OGG = b"OggS"


def dimensions(data: bytes) -> tuple[int, int] | None:
    """Width and height, or None for what is no picture that Telegram takes."""
    if data.startswith(PNG) and len(data) >= 24:
        return _big(data, 16, 4), _big(data, 20, 4)
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data[:6] in {b"GIF87a", b"GIF89a"} and len(data) >= 10:
        return _little(data, 6, 2), _little(data, 8, 2)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and len(data) >= 30:
        return _webp(data)
    return None


def spoken_s(data: bytes) -> int:
    """The seconds of an Ogg Opus file: its last page says how many samples came before."""
    last = data.rfind(OGG)
    return max(1, round(_little(data, last + 6, 8) / 48_000)) if last >= 0 and len(data) >= last + 14 else 0


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        if data[at + 1] in JPEG_SIZES:
            return _big(data, at + 7, 2), _big(data, at + 5, 2)
        at += 2 + _big(data, at + 2, 2)
    return None


def _webp(data: bytes) -> tuple[int, int] | None:
    match data[12:16]:
        case b"VP8X":
            return _little(data, 24, 3) + 1, _little(data, 27, 3) + 1
        case b"VP8 ":
            return _little(data, 26, 2) & 0x3FFF, _little(data, 28, 2) & 0x3FFF
        case b"VP8L":
            bits = _little(data, 21, 4)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case _:
            return None


def _big(data: bytes, at: int, count: int) -> int:
    return int.from_bytes(data[at : at + count], "big")


def _little(data: bytes, at: int, count: int) -> int:
    return int.from_bytes(data[at : at + count], "little")
