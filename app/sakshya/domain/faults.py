"""Errors by blame: the disk, the request, a failed check, or a wish to stop.

A bug of our own is none of these and is never caught as one.
"""


class SakshyaFault(Exception):
    """An expected failure, printed as one line: what; where; what to do.

    `exit_code` is the command line's exit status for it.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", advice: str = "") -> None:
        self.what = what
        self.where = where
        self.advice = advice
        super().__init__(what, where, advice)

    def __str__(self) -> str:
        line = "; ".join(part for part in (self.what, self.where, self.advice) if part)
        return " ".join(line.split())

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.what, self.where, self.advice))


def _rebuild(kind: type[SakshyaFault], what: str, where: str, advice: str) -> SakshyaFault:
    """Faults cross process borders by pickle, which cannot pass keyword arguments by itself."""
    return kind(what, where=where, advice=advice)


def _rebuild_evidence(kind: "type[EvidenceFault]", *parts: str) -> "EvidenceFault":
    what, where, advice, reason = parts
    return kind(what, where=where, advice=advice, reason=reason)


class OperatorFault(SakshyaFault):
    """The request was wrong or incomplete."""

    exit_code = 2


class EvidenceFault(SakshyaFault):
    """The evidence could not be read as asked; `reason` is a value of `unexamined.Reason` where one is known."""

    exit_code = 3

    def __init__(self, what: str, *, where: str = "", advice: str = "", reason: str = "") -> None:
        super().__init__(what, where=where, advice=advice)
        self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_evidence, (type(self), self.what, self.where, self.advice, self.reason))


class VerificationFault(SakshyaFault):
    """A digest, a chain or a seal does not agree."""

    exit_code = 4


class StoppedFault(SakshyaFault):
    """The user stopped the work; what was done before stands."""

    exit_code = 130
