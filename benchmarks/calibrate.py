"""Simulated audits of planted agents: how often each reported interval covers the truth.

    python benchmarks/calibrate.py --agents 20 --audits 100 --workers 2 --out calibration.parquet

prints one line a kind of interval and one a name, and keeps the rows. It asserts nothing; the
slow tests do.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time
from pathlib import Path

import polars as pl

from throffer.audit._calibration import FAULTS, Agent, audit_once, draw_agents, summarise

FRAMES = ("mail_agent", "supplier", "tenancy")
AGENT_SEED = 2601

KEPT = 500
"""Audits after which the rows so far are written."""

Job = tuple[Agent, int, int]


def main() -> None:
    """Run the audits that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=20)
    parser.add_argument("--audits", type=int, default=100, help="for each agent")
    parser.add_argument("--budget", type=int, default=600, help="situations an audit")
    parser.add_argument("--faults", default="none", help=f"of {', '.join(FAULTS)}, with commas")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, default=Path("calibration.parquet"))
    asked = parser.parse_args()
    tables = []
    for fault in asked.faults.split(","):
        agents = draw_agents(asked.agents, len(FRAMES), AGENT_SEED, fault=fault)
        jobs = [
            (agent, asked.budget, 10_000 * index + audit)
            for audit in range(asked.audits)
            for index, agent in enumerate(agents)
        ]
        begun = time.perf_counter()
        for start in range(0, len(jobs), KEPT):
            tables.append(run_jobs(jobs[start : start + KEPT], asked.workers))
            pl.concat(tables).write_parquet(asked.out)
        seconds = time.perf_counter() - begun
        print(f"{fault}: {len(jobs)} audits of {asked.budget} in {seconds:.0f} s", flush=True)
    show(pl.concat(tables))


def run_jobs(jobs: list[Job], workers: int) -> pl.DataFrame:
    """Rows of all audits, over processes with one thread each."""
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        return pl.concat(pool.imap_unordered(one, jobs, chunksize=1))


def one(job: Job) -> pl.DataFrame:
    """One simulated audit."""
    agent, budget, seed = job
    return audit_once(agent, FRAMES, budget, seed)


def show(rows: pl.DataFrame) -> None:
    """Print coverage by kind, then by name."""
    pooled = (
        rows.group_by("fault", "kind")
        .agg(
            intervals=pl.len(),
            coverage=pl.col("covered").mean(),
            one_sided=(pl.col("low").is_null() | pl.col("high").is_null()).mean(),
            not_identified=(pl.col("verdict") == "not identified").mean(),
        )
        .sort("fault", "kind")
    )
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=140, float_precision=3):
        print(pooled)
        print(summarise(rows))


if __name__ == "__main__":
    main()
