"""What gets installed: the wheel holds every file of the product, and nothing of the workshop."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
FOLDERS = PROJECT["tool"]["hatch"]["build"]["only-include"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    place = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(place)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return set(ZipFile(next(place.glob("loket-*.whl"))).namelist())


def test_the_wheel_holds_code_catalogue_languages_pages_and_migrations(wheel: set[str]):
    files = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file())
    ours = {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}

    assert ours - wheel == set()


def test_the_wheel_holds_nothing_of_the_workshop(wheel: set[str]):
    top = {name.partition("/")[0] for name in wheel}

    assert {name for name in top if not re.fullmatch(r"loket-[\w.]+\.dist-info", name)} <= set(FOLDERS)


def test_the_wheel_brings_the_command_and_the_licence(wheel: set[str]):
    assert PROJECT["project"]["scripts"] == {"loket": "console.cli:main"}
    assert {Path(name).name for name in wheel if ".dist-info/" in name} >= {"entry_points.txt", "LICENSE"}
