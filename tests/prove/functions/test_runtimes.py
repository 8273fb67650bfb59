"""Which program runs a function."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from scopedown.prove.functions import runtimes


@pytest.mark.skipif(os.name != "posix", reason="the program is a script of the shell")
def test_of_a_shim_the_python_behind_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = f"python3.{sys.version_info.minor + 1}"
    shim = tmp_path / wanted
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    runtimes._python.cache_clear()
    found = runtimes.interpreter_of(wanted, "python")
    runtimes._python.cache_clear()
    assert isinstance(found, runtimes.Interpreter) and found.program != str(shim)
    assert Path(found.program).samefile(sys.executable)
