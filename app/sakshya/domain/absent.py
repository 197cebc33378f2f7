"""Why a value is missing. A blank in a court paper must never be ambiguous."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The bytes that would hold the value could not be read."""

    reason: str

    def __str__(self) -> str:
        return f"not readable ({self.reason})"


@dataclass(frozen=True, slots=True)
class Unparsable:
    """The bytes were read but do not follow their format."""

    reason: str

    def __str__(self) -> str:
        return f"not parsable ({self.reason})"


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The value has no meaning here."""

    reason: str = ""

    def __str__(self) -> str:
        return f"not applicable ({self.reason})" if self.reason else "not applicable"


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """Nobody and nothing wrote the value down."""

    reason: str = ""

    def __str__(self) -> str:
        return f"not recorded ({self.reason})" if self.reason else "not recorded"


Absent = Unreadable | Unparsable | NotApplicable | NotRecorded
