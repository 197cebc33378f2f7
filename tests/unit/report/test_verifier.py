"""The one-file verifier needs nothing, believes nothing, and never falls over."""

import ast
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from sakshya.report import verifier
from sakshya.report.verifier import ed25519_verifies, main, verify_bundle


def test_it_is_one_file_of_the_standard_library_that_python_3_8_can_read() -> None:
    source = Path(verifier.__file__).read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 8))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} | {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }

    assert {str(name).partition(".")[0] for name in imported} <= set(sys.stdlib_module_names)
    assert len(source.splitlines()) <= 400


# RFC 8032, section 7.1, tests 1 to 3.
_VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), _VECTORS)
def test_the_published_signatures_verify_and_their_neighbours_do_not(key: str, message: str, signature: str) -> None:
    public, said, signed = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)

    assert ed25519_verifies(public, said, signed)
    assert not ed25519_verifies(public, said + b"x", signed)
    assert not ed25519_verifies(public, said, signed[:-1] + bytes([signed[-1] ^ 1]))
    # S + L passes where the bound on S is not checked.
    scalar = int.from_bytes(signed[32:], "little") + 2**252 + 27742317777372353535851937790883648493
    assert not ed25519_verifies(public, said, signed[:32] + scalar.to_bytes(32, "little"))


@settings(max_examples=5, deadline=None)
@given(st.binary(max_size=200))
def test_it_agrees_with_the_library_that_signs(message: bytes) -> None:
    key = Ed25519PrivateKey.generate()

    assert ed25519_verifies(key.public_key().public_bytes_raw(), message, key.sign(message))


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=40), st.binary(max_size=80))
def test_garbage_for_a_key_or_signature_is_only_wrong(key: bytes, signature: bytes) -> None:
    assert not ed25519_verifies(key, b"message", signature)


_NAMES = (
    "bagit.txt",
    "bag-info.txt",
    "manifest-sha256.txt",
    "tagmanifest-sha256.txt",
    "signature.json",
    "data/ledger/ledger.jsonl",
    "data/ledger/ledger-head.json",
    "data/report/x.pdf",
)
_GARBAGE = (
    b"",
    b"\xff\xfe\x00",
    b"{}",
    b"[" * 100_000,
    b'{"seq": 99999999999999999999, "hash": null}',
    b'{"statement": {"public_key": 5, "files": [], "ledger_head": {"seq": true}}, "signature": "zz"}',
    b'{"seq":1,"at":NaN,"zone":1,"who":[],"act":{},"subject":0,"public":5,"private_digest":0,"previous":0,"hash":0}\n',
    b"%PDF-1.7\nstream\n\xff\xffendstream ledger-head:999999999999999999:" + b"a" * 64,
    b"0" * 64 + b"  ../../etc/passwd\n",
)


@pytest.mark.parametrize("garbage", _GARBAGE, ids=range(len(_GARBAGE)))
def test_a_folder_of_garbage_is_told_and_not_stumbled_over(
    garbage: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in _NAMES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(garbage)

    assert main([str(tmp_path)]) == 4
    assert "problem(s) found" in capsys.readouterr().out
    assert verify_bundle(tmp_path)


def test_no_bundle_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("error: no bundle; ")
