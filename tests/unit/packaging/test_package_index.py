"""The package index comes from the machine's own settings, in the order pip and uv give them, and from nowhere else."""

import hashlib
from pathlib import Path
from types import ModuleType

import pytest

Scripts = dict[str, ModuleType]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scripts: Scripts) -> Path:
    """Give the scripts a home folder of their own and no machine-wide settings."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "etc"))
    monkeypatch.delenv("PIP_CONFIG_FILE", raising=False)
    real = scripts["package_index"].pip_files
    monkeypatch.setattr(
        scripts["package_index"], "pip_files", lambda: [one for one in real() if tmp_path in one.parents]
    )
    return tmp_path


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_where_nothing_names_an_index_there_is_none(scripts: Scripts, home: Path) -> None:
    index = scripts["package_index"]

    assert index.index_of_pip(index.pip_settings()) is None
    assert index.index_of_uv() is None


def test_the_users_pip_file_wins_over_the_machines_and_a_variable_over_both(
    scripts: Scripts, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = scripts["package_index"]
    _write(home / "etc/pip/pip.conf", "[global]\nindex-url = https://machine.example/simple\ncert = /lab.pem\n")
    assert index.pip_settings() == {"index-url": "https://machine.example/simple", "cert": "/lab.pem"}

    _write(home / ".config/pip/pip.conf", "[global]\nindex_url = https://user.example/simple\n")
    assert index.index_of_pip(index.pip_settings()) == "https://user.example/simple"

    monkeypatch.setenv("PIP_INDEX_URL", "https://variable.example/simple")
    assert index.index_of_pip(index.pip_settings()) == "https://variable.example/simple"


def test_a_broken_settings_file_is_passed_over(scripts: Scripts, home: Path) -> None:
    _write(home / ".config/pip/pip.conf", "index-url without a section\n")

    assert scripts["package_index"].pip_settings() == {}


@pytest.mark.parametrize(
    "text",
    [
        'index-url = "https://lab.example/simple"\n',
        '[pip]\nindex-url = "https://lab.example/simple"\n',
        '[[index]]\nurl = "https://other.example"\n[[index]]\nurl = "https://lab.example/simple"\ndefault = true\n',
    ],
    ids=["top", "pip", "index"],
)
def test_uv_names_its_index_in_three_ways(scripts: Scripts, home: Path, text: str) -> None:
    _write(home / ".config/uv/uv.toml", text)

    assert scripts["package_index"].index_of_uv() == "https://lab.example/simple"


def test_a_named_index_in_uvs_variable_loses_its_name(scripts: Scripts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "lab=https://lab.example/simple?a=b")

    assert scripts["package_index"].index_of_uv() == "https://lab.example/simple?a=b"


def test_the_newest_release_that_fits_is_chosen(scripts: Scripts) -> None:
    digest = "a" * 64
    page = "".join(
        f'<a href="{name}#{fragment}" {more}>x</a>'
        for name, fragment, more in [
            ("../files/pip-9.0-py3-none-any.whl", f"sha256={digest}", ""),
            ("../files/pip-26.3-py3-none-any.whl", f"sha256={digest}", 'data-requires-python="&gt;=3.9"'),
            ("../files/pip-27.0-py3-none-any.whl", f"sha256={digest}", 'data-yanked="broken"'),
            ("../files/pip-28.0-py3-none-any.whl", "md5=1", ""),
            ("../files/pip-29.0-py3-none-any.whl", f"sha256={digest}", 'data-requires-python="&gt;=3.99"'),
            ("../files/pip-30.0b1-py3-none-any.whl", f"sha256={digest}", ""),
            ("../files/pip-31.0.tar.gz", f"sha256={digest}", ""),
        ]
    )

    wheel = scripts["package_index"].newest_pip(page, "https://lab.example/simple/pip/")

    assert wheel == ((26, 3), "https://lab.example/simple/files/pip-26.3-py3-none-any.whl", digest)


def _index_folder(folder: Path, content: bytes, digest: str) -> str:
    _write(folder / "pip/index.html", f'<a href="pip-26.3-py3-none-any.whl#sha256={digest}">pip</a>')
    (folder / "pip/pip-26.3-py3-none-any.whl").write_bytes(content)
    return folder.as_uri()


def test_a_wheel_with_the_listed_digest_is_fetched(scripts: Scripts, tmp_path: Path) -> None:
    index = _index_folder(tmp_path / "simple", b"wheel", hashlib.sha256(b"wheel").hexdigest())

    assert scripts["package_index"].fetch_pip(index, {}, tmp_path).read_bytes() == b"wheel"


def test_a_wheel_with_another_digest_is_refused(scripts: Scripts, tmp_path: Path) -> None:
    index = _index_folder(tmp_path / "simple", b"changed", hashlib.sha256(b"wheel").hexdigest())

    with pytest.raises(scripts["package_index"].IndexProblem, match="another SHA-256"):
        scripts["package_index"].fetch_pip(index, {}, tmp_path)


def test_an_index_that_is_not_there_is_said_in_one_line(scripts: Scripts, tmp_path: Path) -> None:
    with pytest.raises(scripts["package_index"].IndexProblem, match="cannot be reached"):
        scripts["package_index"].fetch_pip((tmp_path / "none").as_uri(), {}, tmp_path)
