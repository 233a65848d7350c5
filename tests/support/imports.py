"""What a source file imports, read from its syntax tree: at the top, inside functions, under TYPE_CHECKING, by name."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DYNAMIC = ("import_module", "__import__")


@dataclass(frozen=True)
class Import:
    """`by` is the importing module, `name` what it asks for, to the last dotted part: `core.text.Text`."""

    by: str
    name: str
    line: int


def imports_under(root: Path, folders: list[str]) -> Iterator[Import]:
    """Of every source file in these folders of the repository; a folder that does not exist has none."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            yield from imports_in(path.read_text("utf-8"), path.relative_to(root))


def imports_in(source: str, path: Path) -> Iterator[Import]:
    """`path` is the file's place in the repository; relative imports are resolved from it."""
    by = module_name(path)
    package = by if path.name == "__init__.py" else by.rpartition(".")[0]
    for node in ast.walk(ast.parse(source, str(path))):
        for name in _names(node, package):
            yield Import(by, name, getattr(node, "lineno", 0))


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _names(node: ast.AST, package: str) -> list[str]:
    match node:
        case ast.Import():
            return [alias.name for alias in node.names]
        case ast.ImportFrom():
            origin = _origin(node, package)
            return [f"{origin}.{alias.name}" for alias in node.names]
        case ast.Call(args=[ast.Constant(value=str(name)), *_]) if _called(node) in DYNAMIC:
            return [name]
        case _:
            return []


def _origin(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    above = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
