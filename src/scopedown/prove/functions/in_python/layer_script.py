"""Run a script of a layer as its own interpreter would, with the network of the function that starts it.

In: the script and its words; SCOPEDOWN_PROVE, as in ``bootstrap.py``. Keeps to what Python 3.8 knows.
"""

from __future__ import annotations

import json
import os
import runpy
import sys

with open(os.environ["SCOPEDOWN_PROVE"], encoding="utf-8") as file:  # noqa: PTH123
    asked = json.load(file)
import network  # type: ignore[import-not-found]  # beside this file

network.install(asked["guard"]["host"], asked["guard"]["port"], asked["refused"])
del sys.modules["network"]
sys.argv = sys.argv[1:]
sys.path[0] = os.path.dirname(sys.argv[0])  # noqa: PTH120
runpy.run_path(sys.argv[0], run_name="__main__")
