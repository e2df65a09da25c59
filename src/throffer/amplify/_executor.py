"""Many runs of a scenario, one after another here or side by side on a Ray cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, TypeVar

from throffer.structure import RETRIES, connect_ray

Engine = Literal["local", "ray"]

ProgressCallback = Callable[[int, int], None]
"""Told how many of how many are done."""

Job = TypeVar("Job")
Found = TypeVar("Found")


def each(
    work: Callable[[Job], Found],
    jobs: Sequence[Job],
    engine: Engine = "local",
    tell: ProgressCallback | None = None,
) -> Iterator[Found]:
    """What `work` makes of every job, in the order of the jobs.

    On a cluster a job whose worker died is started again, so nothing is lost.

    Raises:
        SetupError: For `ray` without the extra.
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
