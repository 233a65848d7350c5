"""Small mistakes, found by reading the source: a comparison turned, a number one off, a sign, a yes for a no, a value
or a statement left out. Each is one edit of the text, so that a mutant is the file as it lies here but for that."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# By the kind of a sign: how it is written, and what is written instead.
TURNED: Mapping[type, tuple[str, str]] = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.And: ("and", "or"),
    ast.Or: ("or", "and"),
}


@dataclass(frozen=True, slots=True)
class Small:
    """At `start` of the source until `end` there stands `new` instead. `what` tells it in short."""

    line: int
    start: int
    end: int
    new: str
    what: str

    def made_in(self, source: bytes) -> bytes:
        return source[: self.start] + self.new.encode() + source[self.end :]


def mistakes(source: str) -> list[Small]:
    """All that can be made in a module. Docstrings, annotations, messages and what only imports stay as they are."""
    reader = _Reader(source)
    return [mistake for node in reader.nodes() for mistake in reader.of(node)]


class _Reader:
    def __init__(self, source: str) -> None:
        self._tree = ast.parse(source)
        self._source = source.encode()
        self._lines = [0]
        for line in self._source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def nodes(self) -> Iterator[ast.AST]:
        """What runs: without annotations, asserts, and the texts of refusals."""
        waiting: list[ast.AST] = [self._tree]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [child for name, child in _children(node) if name not in ("annotation", "returns", "msg")]

    def of(self, node: ast.AST) -> Iterator[Small]:
        match node:
            case ast.Compare() | ast.BinOp() | ast.BoolOp():
                yield from self._turned(node)
            case ast.UnaryOp(op=ast.USub(), operand=operand) | ast.UnaryOp(op=ast.Not(), operand=operand):
                yield self._instead(node, f"({self._text(operand)})")
            case ast.Constant(value=bool() as value):
                yield self._instead(node, str(not value))
            case ast.Constant(value=int() as value):
                yield self._instead(node, str(value + 1))
            case ast.If(test=test) | ast.IfExp(test=test):
                yield self._instead(test, f"not ({self._text(test)})")
            case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
                yield self._instead(value, "None")
            case ast.Expr(value=ast.Call()) | ast.Raise():
                yield self._instead(node, "pass")
            case _:
                return

    def _turned(self, node: ast.AST) -> Iterator[Small]:
        match node:
            case (
                ast.Compare(ops=[sign], left=left, comparators=[right])
                | ast.BinOp(op=sign, left=left, right=right)
                | ast.BoolOp(op=sign, values=[left, right])
            ) if type(sign) in TURNED:
                yield self._between(left, right, *TURNED[type(sign)])

    def _between(self, left: ast.expr, right: ast.expr, sign: str, new: str) -> Small:
        """Between the two stands the sign, and perhaps brackets."""
        start, end = self._place(left)[1], self._place(right)[0]
        turned = self._source[start:end].decode().replace(sign, new, 1)
        told = self._told(self._place(left)[0], self._place(right)[1], new)
        return Small(left.lineno, start, end, turned, told)

    def _instead(self, node: ast.AST, new: str) -> Small:
        start, end = self._place(node)
        line: int = node.lineno  # type: ignore[attr-defined]  # statements and expressions have one
        return Small(line, start, end, new, self._told(start, end, new))

    def _told(self, start: int, end: int, new: str) -> str:
        return f"{' '.join(self._source[start:end].decode().split())[:60]} -> {' '.join(new.split())[:60]}"

    def _text(self, node: ast.expr) -> str:
        start, end = self._place(node)
        return f"({self._source[start:end].decode()})"

    def _place(self, node: ast.AST) -> tuple[int, int]:
        at: ast.expr = node  # type: ignore[assignment]  # statements have the same four
        assert at.end_lineno is not None
        assert at.end_col_offset is not None
        return self._lines[at.lineno - 1] + at.col_offset, self._lines[at.end_lineno - 1] + at.end_col_offset


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for name, value in () if isinstance(node, ast.Assert) else ast.iter_fields(node):
        if name == "decorator_list":
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.AST):
                yield name, one
