"""Runs many jobs, one after another on this machine or in parallel on a Ray cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, TypeVar

from throffer.structure import RETRIES, connect_ray

Engine = Literal["local", "ray"]

ProgressCallback = Callable[[int, int], None]
"""Called with (done, total)."""

Job = TypeVar("Job")
Found = TypeVar("Found")


def each(
    work: Callable[[Job], Found],
    jobs: Sequence[Job],
    engine: Engine = "local",
    tell: ProgressCallback | None = None,
) -> Iterator[Found]:
    """Yield the result of `work` for every job, in the order of the jobs.

    On a cluster, a job whose worker died is started again.

    Raises:
        SetupError: For engine `ray` if the extra is not installed.
    """
    for done, found in enumerate(_found(work, jobs, engine), start=1):
        if tell:
            tell(done, len(jobs))
        yield found


def _found(work: Callable[[Job], Found], jobs: Sequence[Job], engine: Engine) -> Iterator[Found]:
    if engine == "local":
        yield from map(work, jobs)
        return
    ray = connect_ray()
    remote = ray.remote(work).options(max_retries=RETRIES)
    for waiting in [remote.remote(job) for job in jobs]:
        yield ray.get(waiting)
