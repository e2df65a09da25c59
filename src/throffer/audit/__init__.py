"""Audit, the main job: ask models the situations of a plan, read the logs, measure, report.

`play_situations` is the fast path: it simulates planted agents without text, tools or Inspect.
"""

from throffer.audit._fast import play_situations
from throffer.audit._plan import Plan, make_plan, read_plan, situations
from throffer.audit._planted import play_planted
from throffer.audit._run import ProgressCallback, Written, data_hash, report_logs, run_audit

__all__ = [
    "Plan",
    "ProgressCallback",
    "Written",
    "data_hash",
    "make_plan",
    "play_planted",
    "play_situations",
    "read_plan",
    "report_logs",
    "run_audit",
    "situations",
]
