"""The same work on many items by several processes, its results in the items' order.

Processes are forked where that is safe, else started anew (macOS, Windows, a process with threads): work, items and
results have to be such that pickle takes them. Where no process can be started, or one is killed, the work is done in
this one.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 2
"""Chunks for each process that are submitted ahead: the results of more would wait in memory."""
_MAX_CHUNK = 16
"""Items that a process is given at once, at most: more would leave the last process alone with them."""


def usable_cpus() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def in_order(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int,
    prepare: Callable[[], object] | None = None,
    method: str | None = None,
    executor: Executor | None = None,
    most: int = _MAX_CHUNK,
) -> Iterator[Result]:
    """``work`` of every item, in order, by up to ``jobs`` processes, each of which begins with ``prepare``, as
    this one does where it does the work itself.

    What ``work`` raises is raised here, at its item's turn. An interruption ends the processes at once. ``method`` is
    how processes start; by default what is safe and fast here. A process is given ``most`` items at once, at most, and
    their results are in memory together.

    With ``executor``, the caller's processes do the work instead, ``jobs`` of them; they may be on other machines
    (``dask.distributed.Client.get_executor()``). They are neither prepared at their start nor ended here:
    ``prepare`` is called once in each process, before its first item. What waits is cancelled after an error.
    """
    done = 0
    if executor is not None:
        yield from _by_executor(work, items, max(1, jobs), prepare, executor, most)
        return
    if jobs > 1 and len(items) > 1:
        # Imported here: most runs need one process, and what starts others takes as long to load as a small scan.
        from concurrent.futures.process import BrokenProcessPool

        try:
            for result in _by_processes(work, items, min(jobs, len(items)), prepare, method or _method(), most):
                yield result
                done += 1
            return
        except (BrokenProcessPool, OSError, NotImplementedError, ImportError):
            pass  # no processes here (a sandbox without semaphores), or one was killed: the rest is done below
    if prepare is not None and done < len(items):
        prepare()
    for item in items[done:]:
        yield work(item)


def _by_processes(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int,
    prepare: Callable[[], object] | None,
    method: str,
    most: int,
) -> Iterator[Result]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    before = set(multiprocessing.active_children())
    executor = ProcessPoolExecutor(jobs, multiprocessing.get_context(method), _begin, (prepare,))
    is_done = False
    try:
        submitted = (executor.submit(_all_of, work, chunk) for chunk in _chunks(items, jobs, most))
        with _held_interruption():  # the first ones start the processes
            waiting = deque(islice(submitted, jobs * _AHEAD))
        yield from _results(waiting, submitted)
        is_done = True
    finally:
        if not is_done:  # what still waits is not cancelled: its processes end, and it with them
            for process in set(multiprocessing.active_children()) - before:
                process.terminate()
        executor.shutdown()  # waited for in any case: what is left running meets the interpreter's own end halfway


def _by_executor(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int,
    prepare: Callable[[], object] | None,
    executor: Executor,
    most: int,
) -> Iterator[Result]:
    if prepare is not None:
        work = partial(_prepared, os.urandom(16).hex(), prepare, work)
    submitted = (executor.submit(_all_of, work, chunk) for chunk in _chunks(items, jobs, most))
    waiting = deque(islice(submitted, jobs * _AHEAD))
    try:
        yield from _results(waiting, submitted)
    finally:
        for future in waiting:
            future.cancel()


_prepared_for: set[str] = set()
"""In a process of somebody's executor: the calls of :func:`in_order` that it is prepared for."""
_preparing = threading.Lock()


def _prepared(call: str, prepare: Callable[[], object], work: Callable[[Item], Result], item: Item) -> Result:
    """``work`` in a process that may be new, or may have helped another call before."""
    with _preparing:  # an executor may have several threads in one process
        if call not in _prepared_for:
            prepare()
            _prepared_for.clear()  # what another call prepared may be gone
            _prepared_for.add(call)
    return work(item)


def _chunks(items: Sequence[Item], jobs: int, most: int) -> list[Sequence[Item]]:
    size = max(1, min(most, len(items) // (jobs * 8)))
    return [items[at : at + size] for at in range(0, len(items), size)]


def _results(
    waiting: deque[Future[list[tuple[bool, Any]]]], submitted: Iterator[Future[list[tuple[bool, Any]]]]
) -> Iterator[Any]:
    """What the chunks that wait come to, in their order; for each that is taken, the next one is submitted."""
    while waiting:
        found = waiting.popleft().result()
        waiting.extend(islice(submitted, 1))
        for succeeded, result in found:
            if not succeeded:
                raise result
            yield result


def _all_of(work: Callable[[Item], Result], items: Sequence[Item]) -> list[tuple[bool, Any]]:
    """(succeeded, result or exception) of each item: the work's own exceptions are told from those of the processes."""
    found: list[tuple[bool, Any]] = []
    for item in items:
        try:
            found.append((True, work(item)))
        except Exception as error:
            found.append((False, error))
    return found


@contextmanager
def _held_interruption() -> Iterator[None]:
    """A Ctrl-C comes a moment later, and never to the processes that start meanwhile: they inherit what is held.

    A terminal sends it to all of them; the one that waits for the others ends them.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(prepare: Callable[[], object] | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if prepare is not None:
        prepare()


def _method() -> str:
    """Forking is fast, and unsafe beside threads and on macOS
    (https://docs.python.org/3/library/multiprocessing.html#contexts-and-start-methods)."""
    import multiprocessing

    can_fork = sys.platform.startswith("linux") and "fork" in multiprocessing.get_all_start_methods()
    return "fork" if can_fork and threading.active_count() == 1 else "spawn"
