"""What can go wrong with a case folder; the database driver's own errors never leave this package."""

from sakshya.domain.faults import EvidenceFault, OperatorFault


class CaseFault(OperatorFault):
    """The case cannot be used as asked."""


class CaseBusyFault(CaseFault):
    """Somebody else has the case open for writing."""


class CaseNewerFault(CaseFault):
    """The case was written by a newer Sakshya than this one."""


class DiskFullFault(CaseFault):
    """The disk that holds the case is full; the last batch was not kept, everything before it was."""


class WrongKeyFault(CaseFault):
    """The passphrase or key opens nothing here."""


class CaseDamagedFault(EvidenceFault):
    """The case's own files are not what they should be."""
