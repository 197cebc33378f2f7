"""The facts of a case, and what each number among them means."""

from sakshya.report.explaining import Explanation, explain
from sakshya.report.fact_types import Facts
from sakshya.report.gathering import gather

__all__ = ["Explanation", "Facts", "explain", "gather"]
