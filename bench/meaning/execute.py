"""Runs Python programs in one process and notes which make their call: ``execute.py FOLDER`` prints one line each.

In: a folder with one folder a program (``handler.py`` in it) and the ``boto3`` that stands in for the real one. Out:
``NUMBER<TAB>calls<TAB>error``.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
import traceback
from pathlib import Path

EVENT = dict.fromkeys(("key", "id", "body", "version", "handle", "detail", "to", "name", "kind"), "x")
_NAMES = ("BUCKET", "TABLE", "QUEUE_URL", "TOPIC", "SECRET", "OTHER", "MACHINE")


def main(root: Path) -> None:
    """Run them all."""
    os.environ.update(dict.fromkeys(_NAMES, "own"))
    sys.path.insert(0, str(root))
    sys.dont_write_bytecode = True
    import boto3

    calls = boto3.CALLS  # type: ignore[attr-defined]
    before = set(sys.modules)
    out, sys.stdout = sys.stdout, sys.stderr
    for folder in sorted(
        (one for one in root.iterdir() if one.is_dir() and one.name.isdigit()), key=lambda one: int(one.name)
    ):
        calls.clear()
        sys.path.insert(0, str(folder))
        importlib.invalidate_caches()
        os.chdir(folder)
        error = ""
        try:
            importlib.import_module("handler").handler(dict(EVENT), None)
            for thread in threading.enumerate():
                if thread is not threading.main_thread() and not thread.daemon:
                    thread.join(2)
        except BaseException:
            error = traceback.format_exc().strip().splitlines()[-1]
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            file = str(getattr(sys.modules[name], "__file__", "") or "")
            if name != "boto3" and (not file or file.startswith(str(folder))):
                del sys.modules[name]
        print(folder.name, ",".join(f"{service}.{method}" for service, method in calls), error, sep="\t", file=out)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
