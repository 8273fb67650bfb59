"""No action from code that calls no AWS, in each language that binds names by packages.

    python bench/silence_languages.py LANGUAGE FOLDER [FOLDER …] [--files 1000] [--together 1] [-v]

FOLDER is a public code base of that language that calls no AWS. Each of its files is entered: every class is made with
unknown arguments, every method and function is called with unknown arguments. So many files as --together says share a
run, as the files that one handler reaches do: a function that several of them reach is not run again for each. Each
file adds a handler's bound of steps; a run that comes to its bound goes on with the next file.

Printed are files, functions entered, actions found, crashes, files whose run came to the bound of steps, CPU seconds
(and those of the longest run) and the peak of memory. Exit 1 where an action is found or a file crashes.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
import traceback
from pathlib import Path

from scopedown.calls import bounds, find
from scopedown.calls.find import find_calls
from scopedown.calls.interpreter import escape
from scopedown.calls.interpreter.interpret import BoundReached
from scopedown.calls.languages import language
from scopedown.calls.values import CallSite, ClassValue, FunctionValue
from scopedown.catalog.load import catalog
from scopedown.source.language import language_of, languages
from scopedown.source.resolve.units import SKIPPED
from scopedown.source.sources import Sources


class Files:
    """Several files in the place of a handler."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.crashes: list[str] = []
        self.bounded = 0

    def enter(self, run, file: str, symbol: str):  # type: ignore[no-untyped-def]
        """All of each file."""
        bound = bounds.STEPS.most
        for number, name in enumerate(self.names, 1):
            bounds.STEPS.most = number * bound
            try:
                self._enter(run, name)
            except (BoundReached, RecursionError):
                self.bounded += 1
            except Exception:
                self.crashes.append(f"{name}\n{traceback.format_exc()}")
        bounds.STEPS.most = bound

    @staticmethod
    def _enter(run, file: str) -> None:  # type: ignore[no-untyped-def]
        run.position.file = file
        run.position.language = language(language_of(file).name)
        run.position.loading = run.position.conditional = 0
        run.load(file)
        place = run.sources.place(file)
        module = run.heap.modules[file]
        waiting = [*module.frame.variables.values(), *run.heap.globals.variables.values()]
        seen = set()
        while waiting:
            value = waiting.pop(0)
            if id(value) in seen:
                continue
            seen.add(id(value))
            if isinstance(value, ClassValue):
                members = list(value.fields.values())
                waiting += [member for member in members if isinstance(member, ClassValue)]
                code = [value, *(member for member in members if isinstance(member, FunctionValue))]
                if all(one.frame.file != file for one in code):
                    continue  # of another file, in which it is entered
                made = run.construct(value, CallSite((), {}, place, complete=False))
                escape.escape(run, made, place)
            escape.escape(run, value, place)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("language", choices=sorted(languages()))
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--together", type=int, default=1)
    parser.add_argument("-v", action="store_true", dest="verbose")
    asked = parser.parse_args()
    endings = languages()[asked.language].endings
    bad = 0
    for folder in asked.folders:
        names = sorted(
            path.relative_to(folder).as_posix()
            for path in folder.rglob("*")
            if path.name.endswith(endings) and path.is_file() and SKIPPED.isdisjoint(path.relative_to(folder).parts)
        )[: asked.files]
        sources, started = Sources(str(folder)), time.process_time()
        entered, actions, crashes, bounded, longest = 0, 0, 0, 0, 0.0
        for first in range(0, len(names), asked.together):
            began, files = time.process_time(), Files(names[first : first + asked.together])
            find._enter = files.enter
            try:
                report = find_calls(sources, catalog(), {}, files.names[0], "everything")
            except Exception:
                files.crashes.append(f"{files.names[0]} …\n{traceback.format_exc()}")
            else:
                entered += report.functions_entered
                actions += len(report.calls)
                for call in report.calls if asked.verbose else ():
                    print(call.place, call.service, call.operation)
            crashes += len(files.crashes)
            bounded += files.bounded
            for crash in files.crashes if asked.verbose else ():
                print(crash)
            longest = max(longest, time.process_time() - began)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        seconds = time.process_time() - started
        print(
            f"{asked.language:7} {folder.name:28} files {len(names):5}  entered {entered:6}  actions {actions}  "
            f"crashes {crashes}  bounded {bounded}  {seconds:.1f} s ({longest:.1f})  {peak:.0f} MB",
            flush=True,
        )
        bad += actions + crashes
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
