import hashlib

from sakshya.domain.digests import EMPTY
from sakshya.media.digest import Digester


def test_one_pass_over_pieces_gives_the_three_digests_of_the_whole() -> None:
    content = bytes(range(256)) * 999
    digester = Digester()

    for start in range(0, len(content), 1000):
        digester.update(memoryview(content)[start : start + 1000])

    found = digester.finish()
    assert found.md5 == hashlib.md5(content).hexdigest()
    assert found.sha1 == hashlib.sha1(content).hexdigest()
    assert found.sha256 == hashlib.sha256(content).hexdigest()


def test_nothing_has_the_digests_of_nothing() -> None:
    assert Digester().finish() == EMPTY
