"""The locks in requirements/: one file a group, every package pinned and hashed, made from pyproject.toml.

    python -m tools.lock            remake them (needs uv and the network)
    python -m tools.lock --check    say whether they are stale (needs neither)

The first line of a lock holds a fingerprint of the tables it was made from; staleness is told by it.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"

# Widest first: the narrower groups are then pinned to the very same versions.
GROUPS = {
    "heavy": ["pyproject.toml", "--group", "heavy"],
    "dev": ["pyproject.toml", "--group", "dev", "--constraints", "requirements/heavy.txt"],
    "postgresql": ["pyproject.toml", "--extra", "postgresql", "--constraints", "requirements/heavy.txt"],
    "run": ["pyproject.toml", "--constraints", "requirements/heavy.txt"],
    "build": ["-", "--constraints", "requirements/heavy.txt"],
}

# No index address: where packages come from is for each machine to say, what they are is for the hashes.
MANNER = "--quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header".split()


def main(arguments: list[str]) -> str | None:
    """Nothing when all is well, otherwise the sentence to stop with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    if arguments == ["--check"]:
        return complaint(project, LOCKS)
    if arguments not in ([], ["--upgrade"]):
        return f"Unknown arguments: {' '.join(arguments)}. Use --check, --upgrade or none."
    return remake(project, upgrade=bool(arguments))


def complaint(project: Mapping[str, Any], locks: Path) -> str | None:
    """One sentence naming the locks that pyproject.toml has moved away from, or nothing."""
    expected = first_line(project)
    stale = [f"requirements/{group}.txt" for group in GROUPS if _opening(locks / f"{group}.txt") != expected]
    if not stale:
        return None
    return f"Stale against pyproject.toml: {', '.join(sorted(stale))}. Run `make lock` and commit the result."


def first_line(project: Mapping[str, Any]) -> str:
    return f"# Locked from the tables of pyproject.toml with fingerprint {fingerprint(project)}"


def fingerprint(project: Mapping[str, Any]) -> str:
    """Of everything that decides what gets installed, and nothing else."""
    tables = {
        "build": project["build-system"]["requires"],
        "python": project["project"]["requires-python"],
        "run": project["project"]["dependencies"],
        "extras": project["project"].get("optional-dependencies", {}),
        "groups": project["dependency-groups"],
    }
    return hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()[:32]


def remake(project: Mapping[str, Any], *, upgrade: bool) -> str | None:
    uv = shutil.which("uv")
    if uv is None:
        return "Making the locks needs uv on the PATH; it can be had with `pip install uv`."
    for group, source in GROUPS.items():
        target = LOCKS / f"{group}.txt"
        options = ["--upgrade"] if upgrade else []
        compiled = subprocess.run(
            [uv, "pip", "compile", *source, "--output-file", str(target), *MANNER, *options],
            cwd=ROOT,
            input="\n".join(project["build-system"]["requires"]),
            text=True,
            check=False,
        )
        if compiled.returncode:
            return f"uv could not make requirements/{group}.txt; what it said stands above."
        target.write_text(f"{first_line(project)}\n{target.read_text('utf-8')}", "utf-8")
    return None


def _opening(lock: Path) -> str:
    return lock.read_text("utf-8").partition("\n")[0] if lock.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
