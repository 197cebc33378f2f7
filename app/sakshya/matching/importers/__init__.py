"""One file for each format of a hash list; `plan` shows what an import would do, `commit` does it."""

from sakshya.matching.importers.options import ImportOptions, read_code_labels, read_columns
from sakshya.matching.importers.plan import ImportPlan, ProblemRow
from sakshya.matching.importers.store import commit
from sakshya.matching.importers.survey import plan

__all__ = ["ImportOptions", "ImportPlan", "ProblemRow", "commit", "plan", "read_code_labels", "read_columns"]
