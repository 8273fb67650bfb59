"""Every function of a project, run on its events.

In: a project, the folder that holds a copy of it, the local AWS, the credentials of each function's role. Out: a list
of :class:`~.model.FunctionRun` in the project's order. Users may give events: ``DIR/FUNCTION.json`` or
``DIR/FUNCTION/*.json``.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.project.model import Function, Project
from scopedown.prove.endpoint import Credentials, Endpoint
from scopedown.prove.events.sample import MADE_UP, samples
from scopedown.prove.events.setting import Sample
from scopedown.prove.functions.code import Artifacts, Packages
from scopedown.prove.functions.function_process import FunctionProcess
from scopedown.prove.functions.model import EventRun, FunctionRun
from scopedown.prove.functions.runtimes import interpreter_of


def _silent(function: str, event: str) -> None:
    """Nobody is told."""


def run_functions(
    project: Project,
    folder: Path,
    where: Endpoint,
    credentials_of: Callable[[Function], Credentials],
    events: Path | None = None,
    timeout: float = 30.0,
    on_progress: Callable[[str, str], None] = _silent,
    uploaded: Packages | None = None,
    invoked: Mapping[str, Sequence[EventRun]] | None = None,
) -> list[FunctionRun]:
    """Run every function of the project that can be run here.

    ``folder`` is a copy of the project's (functions may write into it); ``events`` a folder of the user's events, which
    take the place of those made from a function's triggers; ``timeout`` is for each event, in seconds; ``on_progress``
    is called with a function's key and an event's name before each run; ``uploaded`` gives the packages of a framework
    that leaves none in the folder; ``invoked`` has what functions were run on already, which takes the place of made-up
    events. Raises ScopedownError for an event file that cannot be read.
    """
    found = []
    with tempfile.TemporaryDirectory(prefix="scopedown-functions-", ignore_cleanup_errors=True) as place:
        work = Path(place)
        (work / "packages").mkdir()
        artifacts = Artifacts(project, folder, work / "packages", uploaded)
        for function in project.functions:
            with_what = interpreter_of(function.runtime, function.language)
            if isinstance(with_what, str):
                found.append(FunctionRun(function.key, False, with_what))
                continue
            code = artifacts.code_of(function)
            if isinstance(code, str):
                found.append(FunctionRun(function.key, False, code, ran_with=str(with_what)))
                continue
            try:
                who = credentials_of(function)
            except ScopedownError as error:
                found.append(FunctionRun(function.key, False, str(error), ran_with=str(with_what), code=code.name))
                continue
            asked = given_events(events, function.key) if events is not None else []
            before = tuple((invoked or {}).get(function.key, ()))
            if not asked:
                asked = samples(function, project, folder, where)
                asked = [one for one in asked if not (before and one.name.startswith(MADE_UP))]
            one = FunctionProcess(function, code, with_what, where, who, folder, work, timeout)
            found.append(one.run(asked, on_progress, before))
    return found


def given_events(folder: Path, function: str) -> list[Sample]:
    """The events for a function, in the order of the files' names; none where the user gave none.

    Raises ScopedownError where a file holds no JSON.
    """
    files = [path for path in (folder / f"{function}.json",) if path.is_file()]
    if (folder / function).is_dir():
        files += sorted((folder / function).glob("*.json"))
    return [Sample(file.relative_to(folder).as_posix(), _read(file)) for file in files]


def _read(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        place = Place(file.name, error.lineno, error.colno)
        raise ScopedownError(f"the event {file} is not valid JSON: {error.msg}", place, "correct the file") from error
    except (OSError, ValueError, RecursionError) as error:
        raise ScopedownError(f"the event {file} cannot be read: {error}", None, "check --events") from error
