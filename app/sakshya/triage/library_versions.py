"""Which builds made the fingerprints: they are equal on the same build and near-equal otherwise."""

from importlib.metadata import version

_LIBRARIES = ("av", "imagehash", "numpy", "opencv-python-headless", "pillow", "pillow-heif")


def library_versions() -> str:
    """Return the libraries a fingerprint depends on, each with its version."""
    return ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
