"""On what the program ran: operating system, Python, and the libraries that read, look and print."""

import platform
from importlib.metadata import PackageNotFoundError, version

import sakshya

_LIBRARIES = (
    "pytsk3",
    "libewf-python",
    "exifread",
    "imagehash",
    "opencv-python-headless",
    "pillow",
    "pillow-heif",
    "av",
    "numpy",
    "cryptography",
    "sqlite-utils",
    "sqlcipher3",
    "typst",
    "pypdf",
)


def program() -> str:
    """Return the program's name and version."""
    return f"Sakshya {sakshya.__version__}"


def environment() -> tuple[tuple[str, str], ...]:
    """Return (name, version) pairs; a library that is not installed is named as such."""
    system = (
        ("Operating system", f"{platform.system()} {platform.release()} ({platform.machine()})"),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}"),
    )
    return (*system, *((name, _version(name)) for name in _LIBRARIES))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
