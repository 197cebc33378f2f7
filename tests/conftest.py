"""Where Qt cannot be loaded the window's tests are left out, by name, and everything else runs."""

import gc
from collections.abc import Iterator

import pytest

_WINDOW_TESTS = ["gui", "unit/gui"]


def _has_qt(config: pytest.Config) -> bool:
    return config.pluginmanager.hasplugin("pytest-qt")


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Accept pytest-qt's own setting without pytest-qt, which cannot even be loaded without Qt's libraries."""
    if not pluginmanager.hasplugin("pytest-qt"):
        parser.addini("qt_log_level_fail", "read by pytest-qt", default="")


def pytest_report_header(config: pytest.Config) -> str:
    """Say it in the head of the run when the window's tests are left out."""
    return "Qt: loaded" if _has_qt(config) else "Qt: CANNOT BE LOADED, the window's tests are left out"


def pytest_ignore_collect(collection_path: object, config: pytest.Config) -> bool | None:
    """Leave out the folders whose modules import Qt."""
    below = str(collection_path).replace("\\", "/").partition("/tests/")[2]
    return True if below in _WINDOW_TESTS and not _has_qt(config) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip single tests that open a window."""
    if _has_qt(config):
        return
    for item in items:
        if item.get_closest_marker("window"):
            item.add_marker(pytest.mark.skip(reason="Qt cannot be loaded"))


@pytest.fixture(autouse=True)
def _collect_between_window_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect garbage before and after a window's test and not within it, as the window itself does."""
    if request.node.get_closest_marker("window") is None:
        yield
        return
    gc.collect()
    gc.disable()
    yield
    gc.enable()
    gc.collect()
