"""One examiner, one case, its exhibits: the only place where the parts are put together."""

from sakshya.workbench.bench import Workbench
from sakshya.workbench.desk import Desk
from sakshya.workbench.requests import AttachRequest, ScanRequest

__all__ = ["AttachRequest", "Desk", "ScanRequest", "Workbench"]
