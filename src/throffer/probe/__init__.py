"""Probe: ask models through Inspect, and read Inspect's logs.

Holds the tasks, tools, scorer, the provider of reference models, and the reader of logs. No other
room uses Inspect. Inspect's `.eval` files stay the source of truth for what a model said.
"""

from throffer.probe._acts_logs import ActsLogs, read_acts_logs
from throffer.probe._logs import (
    LogFacts,
    ModelRun,
    asked_designs,
    episodes_from_logs,
    found_logs,
    read_logs,
)
from throffer.probe._run import (
    Options,
    Progress,
    RunResult,
    check_approval,
    load_model,
    run_tasks,
)
from throffer.probe._samples import design_digest

__all__ = [
    "ActsLogs",
    "LogFacts",
    "ModelRun",
    "Options",
    "Progress",
    "RunResult",
    "asked_designs",
    "check_approval",
    "design_digest",
    "episodes_from_logs",
    "found_logs",
    "load_model",
    "read_acts_logs",
    "read_logs",
    "run_tasks",
]
