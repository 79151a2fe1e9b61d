"""The README tells the truth about this commit."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from amltui.cli import main
from amltui.emulator import catalogue, command_line
from amltui.emulator.faults import KINDS
from amltui.emulator.scenarios import SCENARIOS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_services_operations_are_told_from_its_routes() -> None:
    """`make readme` writes them."""
    told = re.search(r"<!-- operations -->\n(.*?)\n?<!-- /operations -->", README, re.DOTALL)
    assert told is not None
    assert told[1].strip() == catalogue.markdown()


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"\]\((screenshots/[^)]+)\)", README)
    assert pictures
    assert [each for each in pictures if not (ROOT / each).exists()] == []


@pytest.mark.parametrize("name", sorted(set(re.findall(r"^amltui ([a-z][a-z-]*)", README, re.M))))
def test_every_command_is_one(name: str) -> None:
    """What stands behind `amltui` in the examples has a help of its own."""
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    assert left.value.code == 0


def test_every_target_of_make_is_one() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`?make ([a-z]+)\b", README)) <= targets


def test_flags_scenarios_and_faults_of_the_service_exist() -> None:
    """Every scenario and every kind of fault is named, and every flag that is named exists."""
    for scenario in SCENARIOS:
        assert f"`{scenario}`" in README
    for kind in KINDS:
        assert re.search(rf"[\" ]{re.escape(kind)}\b", README), kind
    section = README[README.index("| `--scenario` |") : README.index("A plan of faults")]
    for flag in re.findall(r"`(--[a-z-]+)", section):
        values = {
            "--limits": ["azure"],
            "--quirks": ["tidy"],
            "--https": [],
            "--scenario": ["calm"],
        }
        command_line.parse([flag, *values.get(flag, ["1"])])


def test_the_script_reads_the_checkout_that_it_is_in(tmp_path: Path) -> None:
    """Wherever it is started, and whatever else is installed."""
    told = tmp_path / "amltui" / "emulator"
    told.mkdir(parents=True)
    for package in (told, told.parent):
        (package / "__init__.py").write_text("")
    (told / "catalogue.py").write_text('def markdown() -> str:\n    return "of this checkout"\n')
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "readme.py", tmp_path / "tests")
    readme = tmp_path / "README.md"
    readme.write_text("a\n<!-- operations -->\n<!-- /operations -->\nb\n")
    subprocess.run([sys.executable, tmp_path / "tests" / "readme.py"], check=True, timeout=30)
    assert readme.read_text().splitlines()[2] == "of this checkout"
