"""Work by several processes: the same results in the same order, whatever happens to a process."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from scopedown.workers import in_order, usable_cpus

METHODS = [one for one in ("fork", "spawn") if one in multiprocessing.get_all_start_methods()]


def square(number: int) -> int:
    return number * number


def where(number: int) -> int:
    return os.getpid()


def slow_first(number: int) -> int:
    time.sleep(0.3 if number == 0 else 0)
    return number


def wrong(number: int) -> int:
    if number == 5:
        raise LookupError("five")
    return number


def dies(parent: int, number: int) -> int:
    if number == 3 and os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("method", METHODS)
def test_results_come_in_the_order_of_the_items(method: str) -> None:
    assert list(in_order(square, range(100), 2, method=method)) == [number * number for number in range(100)]


def test_a_slow_item_does_not_change_the_order() -> None:
    assert list(in_order(slow_first, range(6), 2)) == list(range(6))


def test_several_processes_work_and_one_job_is_this_one() -> None:
    assert os.getpid() not in set(in_order(where, range(8), 2))
    assert set(in_order(where, range(8), 1)) == {os.getpid()}
    assert set(in_order(where, [1], 4)) == {os.getpid()}


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_work_raises_is_raised_at_its_items_turn(jobs: int) -> None:
    results = in_order(wrong, range(10), jobs)
    assert [next(results) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(LookupError, match="five"):
        next(results)


@pytest.mark.skipif(os.name != "posix", reason="processes are killed otherwise elsewhere")
def test_a_killed_process_is_no_lost_work() -> None:
    assert list(in_order(partial(dies, os.getpid()), range(40), 2)) == list(range(40))


def test_where_no_process_can_be_started_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*arguments: object) -> None:
        raise OSError(38, "no semaphores")

    monkeypatch.setattr(concurrent.futures, "ProcessPoolExecutor", none)
    assert set(in_order(where, range(8), 2)) == {os.getpid()}


def test_who_does_not_want_the_rest_leaves_no_process_behind() -> None:
    results = in_order(square, range(1000), 2)
    assert next(results) == 0
    results.close()
    for _ in range(50):
        if not multiprocessing.active_children():
            break
        time.sleep(0.1)
    assert multiprocessing.active_children() == []


def test_this_process_may_use_a_processor() -> None:
    assert usable_cpus() >= 1


INTERRUPTED = """\
import sys, time
sys.path.insert(0, sys.argv[1])
from test_workers import *
def sleepy(number):
    time.sleep(30)
    open(sys.argv[3], 'w').close()
if __name__ == "__main__":
    print("ready", flush=True)
    try:
        list(in_order(sleepy, range(4), 2, method=sys.argv[2]))
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
@pytest.mark.parametrize("method", METHODS)
def test_an_interruption_ends_all_processes_at_once(tmp_path: Path, method: str) -> None:
    (tmp_path / "program.py").write_text(INTERRUPTED)
    command = [sys.executable, str(tmp_path / "program.py"), str(Path(__file__).parent), method, str(tmp_path / "late")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(1.5)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout.read() == "interrupted\n"
        assert process.wait(timeout=20) == 0
        assert not (tmp_path / "late").exists()
        assert "Traceback" not in process.stderr.read()
        with pytest.raises(ProcessLookupError):
            for _ in range(100):
                os.killpg(process.pid, 0)
                time.sleep(0.1)


_ready: list[str] = []


def length_and_ready(number: int) -> tuple[int, str]:
    return number, _ready[0]


def get_ready() -> None:
    _ready[:] = ["ready"]


@pytest.mark.parametrize(("items", "jobs"), [((7,), 4), ((1, 2), 1)])
def test_work_that_stays_in_this_process_is_prepared_too(items: tuple[int, ...], jobs: int) -> None:
    _ready.clear()
    assert list(in_order(length_and_ready, items, jobs, get_ready)) == [(item, "ready") for item in items]


def process_and_ready(number: int) -> tuple[int, str]:
    return os.getpid(), _ready[0]


def get_counted() -> None:
    _ready[:] = [f"{os.getpid()} {len(_ready)}"]


def processes() -> concurrent.futures.Executor:
    return concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))


def threads() -> concurrent.futures.Executor:
    return concurrent.futures.ThreadPoolExecutor(2)


@pytest.mark.parametrize("make", [processes, threads])
def test_anybodys_executor_does_the_work_and_is_left_running(make: Callable[[], concurrent.futures.Executor]) -> None:
    with make() as executor:
        assert list(in_order(square, range(50), 2, executor=executor)) == [number * number for number in range(50)]
        results = in_order(wrong, range(400), 2, executor=executor)
        assert [next(results) for _ in range(5)] == [0, 1, 2, 3, 4]
        with pytest.raises(LookupError, match="five"):
            next(results)
        first = next(unfinished := in_order(square, range(400), 2, executor=executor))
        unfinished.close()
        assert first == 0
        assert executor.submit(square, 3).result() == 9


def test_a_process_of_an_executor_is_prepared_once_for_each_call() -> None:
    with processes() as executor:
        for call in range(2):
            found = set(in_order(process_and_ready, range(40), 2, get_counted, executor=executor))
            # The first call finds nothing prepared, the second what the first one left: never more in one call.
            assert found <= {(process, f"{process} {left}") for process, _ in found for left in range(call + 1)}
            assert len(found) == len({process for process, _ in found})
