"""Audit: the main job. A plan is asked of models, read back from the logs, measured, reported.

`play_situations` is the fast path: planted agents without text, tools or Inspect.
"""

from throffer.audit._fast import play_situations
from throffer.audit._plan import Plan, make_plan, read_plan, situations
from throffer.audit._run import ProgressCallback, Written, data_hash, report_logs, run_audit

__all__ = [
    "Plan",
    "ProgressCallback",
    "Written",
    "data_hash",
    "make_plan",
    "play_situations",
    "read_plan",
    "report_logs",
    "run_audit",
    "situations",
]
