"""The house stays tidy: rooms of a readable size, doors that say what is behind them, nothing left for later."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ["bot", "ussd", "voice", "console", "core", "adapters", "tools", "bench"]
TEXT = {".py", ".sh", ".toml", ".html", ".css", ".js", ".mako"}

SAYS_NOTHING = re.compile(r"(^|_)(utils?|helpers?|managers?|common|misc|stuff)$")
LEFT_FOR_LATER = re.compile(r"\b(TODO|FIXME)\b|\bNotImplementedError\b")
LONGEST_FILE = 350


def test_no_file_has_a_name_that_says_nothing():
    assert [str(path) for path in source_files() if SAYS_NOTHING.search(path.stem.lower())] == []


def test_no_file_is_too_long_for_one_sitting():
    lengths = {str(path): len(read(path).splitlines()) for path in source_files() if path.suffix == ".py"}

    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_nothing_is_left_for_later():
    assert [str(path) for path in source_files() if LEFT_FOR_LATER.search(read(path))] == []


def test_the_domain_of_money_knows_no_float():
    domain = [path for path in source_files() if path.suffix == ".py" and path.is_relative_to("core/domain")]

    assert {str(path): lines for path in domain if (lines := floating_lines(read(path)))} == {}


@pytest.mark.parametrize("code", ["x: float", "x = 0.5", "x = float(y)", "x = 1e3", "x = y / 2", "x /= 2"])
def test_a_float_is_seen(code: str):
    assert floating_lines(code) == [1]


@pytest.mark.parametrize("code", ["'float'", "x = y // 2", "x = '0.5'", "'''an agent's float'''", "x.float = 1"])
def test_what_only_sounds_like_a_float_is_not(code: str):
    assert floating_lines(code) == []


@pytest.mark.parametrize("name", ["utils", "string_utils", "helper", "session_manager", "common"])
def test_a_name_that_says_nothing_is_seen(name: str):
    assert SAYS_NOTHING.search(name)


def floating_lines(source: str) -> list[int]:
    """Where code names a float, writes one, or makes one by dividing."""
    return sorted(
        {node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.expr | ast.stmt) and _floats(node)}
    )


def _floats(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=float()) | ast.Name(id="float"):
            return True
        case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
            return True
        case _:
            return False


def source_files() -> list[Path]:
    """Of the product and its tools, as places in the repository; a folder that does not exist yet has none."""
    found = (path.relative_to(ROOT) for folder in SOURCE for path in (ROOT / folder).rglob("*"))
    return sorted(path for path in found if path.suffix in TEXT and "vendor" not in path.parts)


def read(path: Path) -> str:
    return (ROOT / path).read_text("utf-8")
