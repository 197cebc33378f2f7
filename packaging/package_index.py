"""Which package index this machine names in its own pip or uv settings, and how a pip is fetched from there."""

from __future__ import annotations

import base64
import configparser
import hashlib
import os
import re
import ssl
import subprocess
import sys
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from system import base_python

if TYPE_CHECKING:
    from collections.abc import Mapping

_PIP_WHEEL = re.compile(r"pip-(\d+(?:\.\d+)*)-py3-none-any\.whl")
_AT_LEAST = re.compile(r">=\s*(\d+)\.(\d+)")
_PATIENCE = 60


class IndexProblem(Exception):
    """The index could not give a pip; the text says why."""


class Wheel(NamedTuple):
    """One pip wheel of an index page."""

    version: tuple[int, ...]
    url: str
    sha256: str


def pip_settings() -> dict[str, str]:
    """Return pip's own settings on this machine, as pip would read them; variables win over files."""
    merged: dict[str, str] = {}
    sections: dict[str, dict[str, str]] = {"global": {}, "install": {}}
    for file in pip_files():
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError, OSError):
            continue
        for name, values in sections.items():
            if parser.has_section(name):
                values.update(parser[name])
    for values in sections.values():
        merged.update({key.replace("_", "-"): value for key, value in values.items()})
    for key in ("index-url", "cert", "proxy"):
        value = os.environ.get("PIP_" + key.upper().replace("-", "_"))
        merged.update({key: value} if value else {})
    return merged


def pip_files() -> list[Path]:
    """Return the places of pip's settings files, the weakest first."""
    named = os.environ.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return []
    home = Path.home()
    if os.name == "nt":
        machine = [Path(os.environ.get("PROGRAMDATA", "C:/ProgramData")) / "pip/pip.ini"]
        user = [home / "pip/pip.ini", Path(os.environ.get("APPDATA", home)) / "pip/pip.ini"]
    else:
        shared = (os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")
        machine = [*(Path(one) / "pip/pip.conf" for one in shared), Path("/etc/pip.conf")]
        user = [home / ".pip/pip.conf", configuration_folder() / "pip/pip.conf"]
    if sys.platform == "darwin":
        machine.insert(0, Path("/Library/Application Support/pip/pip.conf"))
        user.append(home / "Library/Application Support/pip/pip.conf")
    site = Path(sys.prefix) / ("pip.ini" if os.name == "nt" else "pip.conf")
    return [*machine, *user, site, *([Path(named)] if named else [])]


def index_of_pip(settings: Mapping[str, str]) -> str | None:
    """Return the index that pip's settings name, if any."""
    return settings.get("index-url") or None


def index_of_uv() -> str | None:
    """Return the index that uv's variables or settings files name, if any."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        if os.environ.get(name):
            # A named index is written name=address.
            return re.sub(r"^[\w.-]+=", "", os.environ[name])
    for file in uv_files():
        try:
            settings = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        index = settings.get("index-url") or settings.get("pip", {}).get("index-url")
        defaults = [one.get("url") for one in settings.get("index", []) if one.get("default")]
        found = next(iter(defaults), None) or index
        if found:
            return str(found)
    return None


def uv_files() -> list[Path]:
    """Return the places of uv's settings files, the strongest first."""
    named = os.environ.get("UV_CONFIG_FILE")
    if named:
        return [Path(named)]
    if os.name == "nt":
        folders = [os.environ.get("APPDATA", ""), os.environ.get("PROGRAMDATA", "")]
        return [Path(one) / "uv/uv.toml" for one in folders if one]
    shared = (os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")
    return [
        configuration_folder() / "uv/uv.toml",
        *(Path(one) / "uv/uv.toml" for one in shared),
        Path("/etc/uv/uv.toml"),
    ]


def configuration_folder() -> Path:
    """Return the folder of the user's settings."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def default_of_pip() -> str | None:
    """Return the index that an installed pip uses by itself, or None where there is no pip to ask."""
    ask = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
    answer = subprocess.run([base_python(), "-c", ask], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def fetch_pip(index: str, settings: Mapping[str, str], to: Path) -> Path:
    """Fetch the newest pip wheel of the index into the folder `to` and return its path.

    Raises:
        IndexProblem: the index cannot be reached, lists no pip with a SHA-256, or sends other bytes than it lists.
    """
    page = index.rstrip("/") + "/pip/"
    if page.startswith("file:"):
        page += "index.html"
    wheel = newest_pip(fetch(page, settings).decode("utf-8", "replace"), page)
    if wheel is None:
        raise IndexProblem("the package index lists no pip with a SHA-256")
    content = fetch(wheel.url, settings)
    if hashlib.sha256(content).hexdigest() != wheel.sha256:
        raise IndexProblem("the pip that was fetched has another SHA-256 than the package index lists")
    path = to / wheel.url.rpartition("/")[2]
    path.write_bytes(content)
    return path


def newest_pip(page: str, address: str) -> Wheel | None:
    """Return the newest pip wheel for this Python on an index page that carries a SHA-256, or None."""
    reader = _Links()
    reader.feed(page)
    wheels = (as_wheel(link, address) for link in reader.links)
    return max((wheel for wheel in wheels if wheel is not None), default=None)


def as_wheel(link: Mapping[str, str], address: str) -> Wheel | None:
    """Return the wheel that a link names, or None where it is no release of pip that can be used here."""
    url, _, fragment = urllib.parse.urljoin(address, link.get("href", "")).partition("#")
    release = _PIP_WHEEL.fullmatch(url.rpartition("/")[2])
    needs = _AT_LEAST.search(link.get("data-requires-python", ""))
    too_new = needs is not None and (int(needs[1]), int(needs[2])) > sys.version_info[:2]
    if release is None or too_new or "data-yanked" in link or not fragment.startswith("sha256="):
        return None
    return Wheel(tuple(map(int, release[1].split("."))), url, fragment.removeprefix("sha256="))


class _Links(HTMLParser):
    """The links of an index page with all their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep each link."""
        if tag == "a":
            self.links.append({name: value or "" for name, value in attrs})


def fetch(url: str, settings: Mapping[str, str]) -> bytes:
    """Return what stands at an address, asked for with the certificates, proxy and password that pip would use.

    Raises:
        IndexProblem: it cannot be fetched.
    """
    parts = urllib.parse.urlsplit(url)
    request = urllib.request.Request(urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])))
    if parts.username:
        pair = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        request.add_header("Authorization", "Basic " + base64.b64encode(pair.encode()).decode("ascii"))
    handlers: list[urllib.request.BaseHandler] = [urllib.request.HTTPSHandler(context=trust(settings))]
    if settings.get("proxy"):
        handlers.append(urllib.request.ProxyHandler(dict.fromkeys(("http", "https"), settings["proxy"])))
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=_PATIENCE) as answer:
            return bytes(answer.read())
    except (urllib.error.URLError, OSError) as error:
        raise IndexProblem(f"the package index cannot be reached ({error})") from error


def trust(settings: Mapping[str, str]) -> ssl.SSLContext:
    """Return the certificates to trust: the ones pip is told of, else the system's."""
    named = settings.get("cert") or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    if not named:
        return ssl.create_default_context()
    folder = Path(named).is_dir()
    return ssl.create_default_context(cafile=None if folder else named, capath=named if folder else None)
