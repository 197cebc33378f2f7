"""A category is (scheme, version, code), never a bare number: the same code means opposite things in two schemes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """One code of one version of one scheme; the text form is `scheme@version:code`."""

    scheme: str
    version: str
    code: str

    def __str__(self) -> str:
        return f"{self.scheme}@{self.version}:{self.code}"


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """What one code of a scheme says, by whom: `notable` is True where the scheme asserts unlawful material."""

    code: str
    label: str
    notable: bool
    key: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A published or unit-made list of codes; `source` names who states the meanings.

    `caution` is a sentence to be read before a list under this scheme is imported, empty where there is none.
    """

    id: str
    version: str
    title: str
    source: str
    codes: tuple[CodeMeaning, ...]
    caution: str = ""

    def meaning(self, code: str) -> CodeMeaning | None:
        """Return the meaning of `code`, or None where the scheme does not define it."""
        return next((one for one in self.codes if one.code == code), None)

    def category(self, code: str) -> Category:
        """Return the category for a code of this scheme.

        Raises:
            KeyError: the scheme does not define the code.
        """
        if self.meaning(code) is None:
            raise KeyError(code)
        return Category(self.id, self.version, code)
