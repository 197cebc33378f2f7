"""Cases for the tests, each once on sqlite3 and once on sqlcipher3."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.head import CaseHead
from sakshya.casefile.keyslots import Stretch
from tests.unit.casefile.building import AT


@pytest.fixture(autouse=True)
def _quick_stretching(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parameters are stored with every slot and key, so that cheap ones open as the real ones do."""
    monkeypatch.setattr(Stretch, "fresh", classmethod(lambda cls: cls(secrets.token_bytes(16), 1, 64, 1)))


@pytest.fixture(params=["sqlite3", "sqlcipher3"])
def passphrase(request: pytest.FixtureRequest) -> str | None:
    return None if request.param == "sqlite3" else "कमल 12"


@pytest.fixture
def new_case(tmp_path: Path, passphrase: str | None) -> Iterator[Callable[[str], CaseFile]]:
    with ExitStack() as stack:

        def make(name: str) -> CaseFile:
            return stack.enter_context(
                CaseFile.create(tmp_path / name, CaseHead("india-bsa"), passphrase=passphrase, at=AT)
            )

        yield make


@pytest.fixture
def case(new_case: Callable[[str], CaseFile]) -> CaseFile:
    return new_case("case")
