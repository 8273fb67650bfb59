"""Notes each SDK call of boto3 that happens while a Lambda handler runs; Python imports this at its start.

``SCOPEDOWN_HANDLERS`` names a file of JSON, ``{absolute file: [functions]}``; ``SCOPEDOWN_SEEN`` the file to which one
line of JSON is added for each call: ``calls``, the services and operations of which it is one, and ``handlers``, which
ran, as ``[file, function]``. The call is noted where botocore makes a client's method, before any stub or mock of what
is below answers it, and where a mock or fake that replaces boto3 or one of its clients is called (``replaced.py``).
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import FrameType, ModuleType
from typing import Any

_HANDLERS: dict[str, set[str]] = {}
_SEEN = os.environ.get("SCOPEDOWN_SEEN", "")
_path = os.environ.get("SCOPEDOWN_HANDLERS", "")
if _path:
    with open(_path, encoding="utf-8") as _file:  # noqa: PTH123
        _HANDLERS = {os.path.realpath(file): set(names) for file, names in json.load(_file).items()}


def _running(frame: FrameType | None) -> Iterator[tuple[str, str]]:
    """The handlers among a frame and its callers; all of a file while it is imported."""
    while frame is not None:
        file = os.path.realpath(frame.f_code.co_filename)
        names = _HANDLERS.get(file, set())
        if frame.f_code.co_name in names:
            yield file, frame.f_code.co_name
        elif frame.f_code.co_name == "<module>":
            yield from ((file, name) for name in names)
        frame = frame.f_back


def note(calls: Iterable[tuple[str, str]]) -> None:
    """Adds a call, which is one of several where it is not known which service answers."""
    handlers = set(_running(sys._getframe(1)))
    if not handlers:  # A thread of a pool has none of its own callers.
        handlers = {one for frame in sys._current_frames().values() for one in _running(frame)}
    line = json.dumps({"calls": sorted(calls), "handlers": sorted(handlers)})
    with open(_SEEN, "a", encoding="utf-8") as file:  # noqa: PTH123
        file.write(line + "\n")


def _noting(made: Callable[..., Any], service: str, operation: str) -> Callable[..., Any]:
    @functools.wraps(made)
    def method(*args: Any, **kwargs: Any) -> Any:
        note([(service, operation)])
        return made(*args, **kwargs)

    return method


def _client(module: ModuleType) -> None:
    creator = module.ClientCreator
    original = creator._create_api_method

    def create(self: Any, name: str, operation: str, service_model: Any, *rest: Any, **more: Any) -> Any:
        made = original(self, name, operation, service_model, *rest, **more)
        return _noting(made, service_model.service_name, operation)

    creator._create_api_method = create


def _mocks(module: ModuleType) -> None:
    import replaced

    replaced.watch_mocks(module, note)


def _monkeypatch(module: ModuleType) -> None:
    import replaced

    replaced.watch_monkeypatch(module)


_CHANGED = {"botocore.client": _client, "unittest.mock": _mocks, "_pytest.monkeypatch": _monkeypatch}


class _Finder(importlib.abc.MetaPathFinder):
    """Changes modules when they are imported."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        change = _CHANGED.pop(name, None)
        if change is None:
            return None
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                change(module)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


if _SEEN and _HANDLERS:
    sys.meta_path.insert(0, _Finder())
