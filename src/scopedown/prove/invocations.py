"""Functions that run because something invokes them: CloudFormation for a custom resource, or another function.

In: a function of the local AWS and an event (:data:`~scopedown.guard.lambda_functions.RunFunction`). Out: its answer.
A function of the project runs under the policy that is to be proven, with the session that its sample events have; one
that the project's tool adds (the CDK's providers, the framework's own) under the role that it is deployed with. What it
runs is the code of the deployed function, in a process as for sample events (:mod:`.functions.function_process`).
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.guard.existence import parts
from scopedown.guard.lambda_functions import LambdaFunction, Ran
from scopedown.guard.model import Principal
from scopedown.guard.responses import RefusedError
from scopedown.project.model import Function, Project
from scopedown.prove.deployed import Deployed
from scopedown.prove.endpoint import Credentials, Endpoint
from scopedown.prove.events.setting import Sample
from scopedown.prove.functions.code import Artifacts, Package
from scopedown.prove.functions.function_process import SHOWN, FunctionProcess
from scopedown.prove.functions.model import EventRun, FunctionRun
from scopedown.prove.functions.runtimes import interpreter_of
from scopedown.prove.local_aws import Holder, LocalAws
from scopedown.prove.roles import FunctionRoles, session_of
from scopedown.scan import ProjectScan

DEEPEST: Final = 8
"""Functions that wait for each other; Lambda stops such a loop after about 16
(https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html)."""
MOST: Final = 500
"""Invocations of one proof; functions that invoke each other without an end are stopped here."""
LARGEST: Final = 6_291_556
"""Characters of an answer (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)."""
LANGUAGES: Final = {"python": "python", "nodejs": "javascript"}


@dataclass(frozen=True, slots=True)
class _Identity:
    """As whom a function runs: what the report calls it, and the credentials of its role's session."""

    name: str
    who: Credentials
    arn: str
    key: str = ""
    """The project's function; empty for one that a tool added."""


@dataclass
class _Active:
    """A function's role with its own policy, and how many invocations use it."""

    roles: FunctionRoles
    who: Credentials
    users: int = 0


class Invocations:
    """Used as a context manager: meanwhile the local AWS runs what is invoked. ``roles`` are those of all functions
    while they run on sample events; else a function's role gets its policy for each invocation."""

    def __init__(
        self, aws: LocalAws, project: Project, folder: Path, scan: ProjectScan, stacks: Sequence[tuple[str, str]],
        modules: tuple[Path, ...], declared: bool, timeout: float, tell: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.roles: FunctionRoles | None = None
        self.holders: dict[str, Holder] = {}
        self.notes: list[str] = []
        self._by_tools: dict[str, None] = {}
        self._aws, self._project, self._folder, self._scan = aws, project, folder, scan
        self._stacks, self._modules, self._tell = stacks, modules, tell
        self._declared, self._timeout = declared, timeout
        self._events: dict[str, list[EventRun]] = {}
        self._named: dict[str, LambdaFunction] = {}
        self._active: dict[str, _Active] = {}
        self._depth, self._count = 0, 0
        self._lock, self._entering = threading.Lock(), threading.Lock()

    def __enter__(self) -> Self:
        self._place = tempfile.TemporaryDirectory(prefix="scopedown-invoked-", ignore_cleanup_errors=True)
        self._work = Path(self._place.name)
        (self._work / "packages").mkdir()
        self._artifacts = Artifacts(self._project, self._folder, self._work / "packages", self._package)
        self._aws.gate.run_function = self.run
        return self

    def __exit__(self, *raised: object) -> None:
        self._aws.gate.run_function = None
        self._place.cleanup()

    def taken(self) -> dict[str, list[EventRun]]:
        """The runs so far, by the function's key; they are not added again."""
        with self._lock:
            found, self._events = self._events, {}
            return found

    def added_to(self, functions: Sequence[FunctionRun]) -> tuple[FunctionRun, ...]:
        """The functions' runs with those that came after :meth:`taken`."""
        more = self.taken()
        return tuple(
            replace(one, events=(*one.events, *more[one.function])) if more.get(one.function) else one
            for one in functions
        )

    def told(self) -> Iterator[str]:
        """Notes for the report."""
        yield from self.notes
        if self._by_tools:
            yield f"ran too: the functions that the tool itself adds for {', '.join(self._by_tools)}"

    def run(self, function: LambdaFunction, event: Any, caller: Principal | None, seconds: float | None) -> Ran | None:
        """See :data:`~scopedown.guard.lambda_functions.RunFunction`. The user who deploys is answered by moto: what a
        command invokes proves the user's permission, and no function's."""
        if caller is not None and not caller.token:
            return None
        with self._lock:
            self._count += 1
            self._depth += 1
            is_too_much = self._depth > DEEPEST or self._count > MOST
        try:
            if is_too_much:
                told = f"more than {DEEPEST} functions wait for each other, or more than {MOST} were invoked"
                raise RefusedError("RecursiveInvocationException", told)
            return self._run(function, event, caller, seconds)
        finally:
            with self._lock:
                self._depth -= 1

    def _run(self, one: LambdaFunction, event: Any, caller: Principal | None, seconds: float | None) -> Ran:
        function = _as_declared(one)
        with_what = interpreter_of(function.runtime, function.language)
        if isinstance(with_what, str):
            return Ran(why_not=with_what)
        if not one.code:
            return Ran(why_not="its code is a container image, or not in the local AWS")
        with self._lock:
            self._named[one.name] = one
            code = self._artifacts.code_of(function)
        if isinstance(code, str):
            return Ran(why_not=code)
        name = _event_name(event, caller)
        limit = min(self._timeout, seconds or self._timeout)
        gate = self._aws.gate
        where = Endpoint(gate.address, one.account, one.region, lambda text: text.literal or "",
                         runtime_modules=self._modules)  # fmt: skip
        with self._identity(one) as identity:
            self._tell(f"{identity.name}: {name}")
            process = FunctionProcess(function, code, with_what, where, identity.who, self._folder, self._work, limit)
            decided, lacking = len(gate.decided), (len(gate.lacking.operations), len(gate.lacking.things))
            run, has_started = process.on(Sample(name, event), LARGEST)
        if has_started:
            with self._lock:
                if identity.key:
                    self._events.setdefault(identity.key, []).append(replace(run, result=run.result[:SHOWN]))
                elif caller is None:
                    self._by_tools[str(event["LogicalResourceId"])] = None
        error = ": ".join(part for part in (run.error_type, run.error) if part)
        denied = any(not check.allowed and not check.modelled for check in gate.decided[decided:])
        lacks = _lacks(run, process.missing, [name for _, name in gate.lacking.operations[lacking[0] :]])
        missing = self._missing(lacking[1])
        if not has_started and not denied:
            return Ran(why_not=process.why(run))
        if run.ok:
            return Ran(run.result or "null", log=run.log, lacks=lacks, missing=missing, denied=denied)
        told = {"errorType": run.error_type or "Error", "errorMessage": run.error, "trace": []}
        return Ran(json.dumps(told), True, error or run.outcome, run.log, "", lacks, missing, denied)

    def _package(self, function: Function, into: Path) -> Package | str:
        """A function's archives as files, each once."""
        one = self._named[function.key]
        files = []
        for content in (one.code, *one.layers):
            file = into / f"{hashlib.sha256(content).hexdigest()}.zip"
            if not file.exists():
                file.write_bytes(content)
            files.append(file)
        return Package(files[0], one.handler, tuple(files[1:]))

    def _missing(self, before: int) -> str:
        """The first thing outside of the stacks that was asked for, and was not there, since so many notes."""
        made = self._aws.gate.existence.made
        for _, arns in self._aws.gate.lacking.things[before:]:
            for arn in arns:
                if arn != "*" and made.isdisjoint(parts(arn)):
                    return arn
        return ""

    # As whom

    @contextmanager
    def _identity(self, one: LambdaFunction) -> Iterator[_Identity]:
        deployed = self._aws.deployed_stacks(self._stacks, is_whole=self.roles is not None)
        function = self._of_project(one, deployed)
        if function is None:
            yield self._as_deployed(one)
        elif self.roles is not None:
            yield _Identity(function.key, self.roles.credentials(function), one.arn, function.key)
        else:
            with self._own_policy(function, deployed) as who:
                yield _Identity(function.key, who, one.arn, function.key)

    @contextmanager
    def _own_policy(self, function: Function, deployed: Deployed) -> Iterator[Credentials]:
        """Credentials of a function's role, which has its policy until the last invocation of the function ends."""
        with self._entering:
            if function.key not in self._active:
                roles = FunctionRoles(self._aws, self._scan, deployed, self._declared, function.key).__enter__()
                self.holders |= {holder.name: holder for holder in roles.holders}
                self._active[function.key] = _Active(roles, roles.credentials(function))
                self.notes += roles.notes
            active = self._active[function.key]
            active.users += 1
        try:
            yield active.who
        finally:
            with self._entering:
                active.users -= 1
                if not active.users:
                    del self._active[function.key]
                    active.roles.__exit__(None, None, None)

    def _of_project(self, one: LambdaFunction, deployed: Deployed) -> Function | None:
        """The project's function that this is; None for one that a tool added, or another stack's."""
        for function in self._project.functions:
            made = deployed.made.get(function.logical_id)
            if one.name == (made.physical if made is not None else deployed.text(function.name)):
                return function
        return None

    def _as_deployed(self, one: LambdaFunction) -> _Identity:
        try:
            who = self._aws.assume(one.role, session_of(one.name), one.arn)
        except (RefusedError, ScopedownError) as error:
            self.notes.append(f"{one.name}: Lambda may not assume {one.role}: {error}")
            who = Credentials("AKIAREFUSED000000000", "refused")
        return _Identity(one.name, who, one.arn)


def _event_name(event: Any, caller: Principal | None) -> str:
    if caller is None:
        return f"{event['RequestType']} of {event['LogicalResourceId']}, by CloudFormation"
    return f"invoked by {caller.caller.arn.rsplit('/', 1)[-1]}"


def _lacks(run: EventRun, missing: Sequence[str], unsupported: Sequence[str]) -> str:
    """What a function did not get, and gets on AWS, of the machine and of the local AWS; nothing where it got all."""
    if run.refused_hosts:
        return f"its function asks {', '.join(run.refused_hosts)}, which is outside of the local AWS"
    if programs := [name for name in missing if name.startswith("/opt/")]:
        return f"its function starts {programs[0]}, which none of its layers here has"
    if missing:
        told = ", ".join(dict.fromkeys(missing))
        return (
            f"its function uses {told} of Lambda's runtime, which is not installed here: "
            f"npm install --save-dev {told.replace(',', '')}, or name a node_modules that has it in NODE_PATH"
        )
    if unsupported:
        return f"its function calls {', '.join(dict.fromkeys(unsupported))}, which the local AWS does not support"
    return ""


def _as_declared(one: LambdaFunction) -> Function:
    """A deployed function in the form of the project's."""
    language = next((name for start, name in LANGUAGES.items() if one.runtime.startswith(start)), None)
    settings: Mapping[str, Any] = {"timeout": one.timeout, "memorySize": one.memory}
    return Function(
        one.name, Text.of(one.name), one.name, one.runtime, language, None,
        {name: Text.of(value) for name, value in one.environment.items()}, one.role, Place(""), settings=settings,
    )  # fmt: skip
