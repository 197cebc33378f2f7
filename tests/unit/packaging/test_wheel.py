"""The wheel carries what the program needs, and an installed copy finds it far from any checkout."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
_CARRIED = ["app", "case_templates", "plugins", "packaging", "pyproject.toml", "README.md", "LICENSE"]
_ASK = """
import json
from sakshya import shipped
from sakshya.matching.schemes import load_schemes
templates, docs, fonts = shipped.case_templates(), shipped.docs(), shipped.fonts()
schemes = load_schemes([templates])
print(json.dumps({
    "templates": sorted(one.parent.name for one in templates.glob("*/template.toml")),
    "docs": sorted(one.name for one in docs.glob("*.md")),
    "fonts": len(list(fonts.glob("*.ttf"))),
    "schemes": len(schemes),
    "where": str(templates),
}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a wheel from a copy without its history and unpack it the way an installer does."""
    work = tmp_path_factory.mktemp("wheel")
    for name in _CARRIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, work / "copy" / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            (work / "copy").mkdir(exist_ok=True)
            shutil.copy(source, work / "copy" / name)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(work / "out")]
    built = subprocess.run(command, cwd=work / "copy", capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = (work / "out").glob("sakshya-*.whl")
    shutil.rmtree(work / "copy")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(work / "site")
    return work / "site"


@pytest.mark.slow
def test_an_installed_copy_finds_templates_schemes_help_and_fonts(installed: Path, tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", _ASK],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(answer.stdout)

    assert found["where"].startswith(str(installed))
    assert found["templates"] == ["india-bsa", "india-iea", "pakistan-peca"]
    assert {"commands.md", "design.md", "examiner.md", "glossary.md"} <= set(found["docs"])
    assert found["fonts"] >= 6
    assert found["schemes"] > 0


@pytest.mark.slow
def test_the_installed_command_answers(installed: Path, tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "sakshya", "--version"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("sakshya ")


@pytest.mark.slow
def test_the_wheel_carries_no_test_and_no_picture(installed: Path) -> None:
    carried = [path for path in installed.rglob("*") if path.is_file()]

    assert [path for path in carried if path.suffix.lower() in {".jpg", ".jpeg", ".bmp", ".webp", ".heic"}] == []
    assert not (installed / "tests").exists()
