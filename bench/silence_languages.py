"""No action from code that calls no AWS, in each language that binds names by packages.

    python bench/silence_languages.py LANGUAGE FOLDER [FOLDER …] [--files 1000] [-v]

FOLDER is a public code base of that language that calls no AWS. Each of its files is entered by itself: every class is
made with unknown arguments, every method and function is called with unknown arguments. Printed are files, functions
entered, actions found, crashes, CPU seconds and the peak of memory. Exit 1 where an action is found or a file crashes.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
import traceback
from pathlib import Path

from scopedown.calls import find
from scopedown.calls.find import find_calls
from scopedown.calls.interpreter import escape
from scopedown.calls.values import CallSite, ClassValue
from scopedown.catalog.load import catalog
from scopedown.source.language import languages
from scopedown.source.resolve.units import SKIPPED
from scopedown.source.sources import Sources


def enter_all(run, file: str, symbol: str):  # type: ignore[no-untyped-def]
    """All of a file, in the place of a handler."""
    run.position.file = file
    run.load(file)
    place = run.sources.place(file)
    module = run.heap.modules[file]
    for value in list(module.frame.variables.values()):
        if isinstance(value, ClassValue):
            made = run.construct(value, CallSite((), {}, place, complete=False))
            escape.escape(run, made, place)
        escape.escape(run, value, place)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("language", choices=sorted(languages()))
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("-v", action="store_true", dest="verbose")
    asked = parser.parse_args()
    endings = languages()[asked.language].endings
    find._enter = enter_all
    bad = 0
    for folder in asked.folders:
        names = sorted(
            path.relative_to(folder).as_posix()
            for path in folder.rglob("*")
            if path.name.endswith(endings) and path.is_file() and SKIPPED.isdisjoint(path.relative_to(folder).parts)
        )[: asked.files]
        sources, started, entered, actions, crashes, longest = Sources(str(folder)), time.process_time(), 0, 0, 0, 0.0
        for name in names:
            began = time.process_time()
            try:
                report = find_calls(sources, catalog(), {}, name, "everything")
            except Exception:
                crashes += 1
                if asked.verbose:
                    print(name)
                    traceback.print_exc()
                continue
            longest = max(longest, time.process_time() - began)
            entered += report.functions_entered
            actions += len(report.calls)
            for call in report.calls if asked.verbose else ():
                print(call.place, call.service, call.operation)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{asked.language:7} {folder.name:28} files {len(names):5}  entered {entered:6}  actions {actions}  "
            f"crashes {crashes}  {time.process_time() - started:.1f} s ({longest:.1f})  {peak:.0f} MB", flush=True,
        )  # fmt: skip
        bad += actions + crashes
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
