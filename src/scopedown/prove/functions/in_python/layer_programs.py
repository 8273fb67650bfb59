"""Programs of a function's layers, where its code starts them: /opt is the layers' folders.

In: those folders, and a file. Out: subprocess starts ``/opt/awscli/aws`` from the folder that has it (the CDK's
BucketDeployment does); a script of Python's in this interpreter (``layer_script.py``), since its first line names the
one of Lambda. What no folder has is written to the file, one a line. Runs under the function's own interpreter, so it
keeps to what Python 3.8 knows.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

OPT = "/opt/"
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "layer_script.py")  # noqa: PTH100, PTH118, PTH120


def install(layers: list[str], missing: str) -> None:
    """Put it in place of Python's own, once, before the function's code is loaded."""
    start = subprocess.Popen.__init__

    def started(self: Any, args: Any, *rest: Any, **more: Any) -> None:
        if not isinstance(args, (str, bytes, os.PathLike)):
            args = list(args)  # it may be an iterator
        words = args if isinstance(args, list) else [args]
        if not more.get("shell") and words and os.fsdecode(words[0]).startswith(OPT):
            args = found(os.fsdecode(words[0])) + words[1:]
        start(self, args, *rest, **more)

    def found(program: str) -> list[str]:
        for layer in reversed(layers):  # a later layer's file lies over an earlier one's
            path = os.path.join(layer, program[len(OPT) :])  # noqa: PTH118
            if os.path.isfile(path):  # noqa: PTH113
                return [sys.executable, *flags(), SCRIPT, path] if is_python(path) else [path]
        if not os.path.exists(program):  # noqa: PTH110
            with open(missing, "a", encoding="utf-8") as file:  # noqa: PTH123
                file.write(program + "\n")
        return [program]

    subprocess.Popen.__init__ = started  # type: ignore[method-assign]


def is_python(path: str) -> bool:
    """Whether a program's first line has Python read it."""
    with open(path, "rb") as file:  # noqa: PTH123
        first = file.readline(200)
    return first.startswith(b"#!") and b"python" in first


def flags() -> list[str]:
    """Without the packages of this machine, where the function runs without them."""
    return ["-S"] if sys.flags.no_site else []
