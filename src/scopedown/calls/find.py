"""From an entry point to its calls: the face of this stage.

In: the source files of a project, a handler's file and symbol. Out: a :class:`~scopedown.calls.model.CallReport`.
Nothing that a user's code holds can make this raise: bounds, syntax errors and missing symbols are findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from scopedown.calls.bounds import SITE_FILES, SITES, STACK
from scopedown.calls.hints.hints import hear
from scopedown.calls.interpreter import escape, members, modules
from scopedown.calls.interpreter import implicit_calls as implicit
from scopedown.calls.interpreter import stored_objects as stored
from scopedown.calls.interpreter.interpret import BoundReached, Interpreter, undisturbed
from scopedown.calls.interpreter.trail import name_of
from scopedown.calls.interpreter.unfollowed import unseen
from scopedown.calls.languages import language
from scopedown.calls.libraries import lambda_extensions, subprocesses
from scopedown.calls.machine import Native
from scopedown.calls.model import DECLARED, CallReport, PossibleCall, SdkCall
from scopedown.calls.models import model
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    External,
    FunctionValue,
    Instance,
    ModuleValue,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    options,
)
from scopedown.catalog.model import Catalog
from scopedown.core.coverage import HINT, Cause, Unseen
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Pseudo, Text
from scopedown.sites.model import CallSite as NamedSite
from scopedown.sites.unreached import Evaluated, Most, unreached
from scopedown.source.language import language_of
from scopedown.source.sources import Sources

_OVERSEERS = lambda_extensions.oversee, subprocesses.oversee


def find_calls(
    sources: Sources,
    catalog: Catalog,
    dependencies: Mapping[str, str],
    file: str,
    symbol: str,
    environment: Mapping[str, str] | None = None,
) -> CallReport:
    """The SDK calls that can be reached from ``symbol`` of ``file`` (relative to the sources' root).

    ``symbol`` may be dotted (``api.handler``); an empty one means the file's top level (a script).
    ``dependencies`` are exact versions of packages, for libraries whose calls depend on them; ``environment`` are
    variables of the function that are set to known text, which may name modules.
    """
    spoken = language(language_of(file).name)
    run = Interpreter(sources, catalog, dependencies, environment or {}, spoken, language, model, _OVERSEERS)
    with undisturbed():
        return _report(run, file, symbol)


def _report(run: Interpreter, file: str, symbol: str) -> CallReport:
    sources = run.sources
    missing: Finding | None = None
    try:
        missing = _enter(run, file, symbol)
        implicit.run_all(run)
    except BoundReached:
        pass
    except RecursionError:
        run.bound(STACK)
    modules.tell_silent(run)
    unread: set[str] = set()
    sites = _unreached(run, file, symbol, unread)
    findings = [missing] if missing else []
    findings += [sources.findings[name] for name in sorted({*run.heap.modules, *unread}) if name in sources.findings]
    findings += run.found.findings.values()
    called = {(call.service, call.operation, call.place) for call in run.found.calls.values()}
    calls = sorted(run.found.calls.values(), key=_call_order)
    uncalled = (one for one in run.found.possible.values() if (one.service, one.operation, one.place) not in called)
    possible = sorted(uncalled, key=_possible_order)
    parts = [*unseen(run, findings, possible)]
    heard = hear(sources, run.heap.modules, run.found.functions_entered.values(), calls, possible, parts, sites)
    return CallReport(
        calls=tuple(heard.calls),
        possible=tuple(heard.possible),
        findings=(*findings, *heard.findings),
        not_analysed=modules.not_analysed(run),
        harmless=tuple(sorted(run.found.harmless)),
        files=tuple(sorted(name for name in run.heap.modules if not name.endswith("/"))),
        functions_entered=len(run.found.functions_entered),
        hints=tuple(heard.hints),
        ignored=tuple(heard.ignored),
        idle=tuple(heard.idle),
        unseen=tuple(heard.unseen),
        sites=tuple(heard.sites),
    )


def _unreached(run: Interpreter, file: str, symbol: str, unread: set[str]) -> tuple[NamedSite, ...]:
    """The lines that name an operation and that the run did not evaluate. ``unread`` gets the files that cannot be
    read, of which the sources then have a finding."""
    loaded = [name for name in run.heap.modules if name not in run.found.installed and not name.endswith("/")]
    entered: dict[str, set[int]] = {}
    for name, at in run.found.functions_entered.values():
        entered.setdefault(name, set()).add(at[0])

    @cache
    def evaluated(name: str) -> Evaluated:
        found = Evaluated(entered=entered.get(name, set()))
        outline = run.sources.outline(name) if name in run.heap.modules else None
        for declared in outline.declared if outline is not None else ():
            for call, _ in declared.calls:
                done = id(call) in run.trail.evaluated
                if done:
                    found.starts.add(call.at)
                if (called := name_of(call)) is not None:
                    found.calls.setdefault(called, []).append((call.at, done))
        return found

    called = {call.operation for call in run.found.calls.values()}
    called |= {call.operation for call in run.found.possible.values()}
    settings = [name for name in run.environment if name != DECLARED]
    rows = {"files": SITE_FILES, "sites": SITES}

    spoken = language(language_of(file).name)

    def is_standard(specifier: str) -> bool:
        return spoken.standard_module(specifier) is not None

    def left_out(name: str) -> None:
        run.sources.load(name)
        unread.add(name)

    most = Most(SITE_FILES.most, SITES.most, lambda name: run.bound(rows[name], run.sources.place(file)), left_out)
    return unreached(run.sources, run.catalog, (file, symbol), loaded, evaluated, called, settings, is_standard, most)


def _enter(run: Interpreter, file: str, symbol: str) -> Finding | None:
    """Load the handler's module and run its symbol; a finding where there is no such symbol."""
    run.position.file = file
    run.position.program = None if symbol else file
    run.position.path = [symbol] if symbol else []
    run.load(file)
    run.position.path = []
    if not symbol and not run.position.language.binds_by_packages:
        module = run.heap.modules[file]
        for value in list(module.frame.variables.values()):
            if isinstance(value, External):
                escape.escape(run, value, run.sources.place(file))
        return None
    found = run.position.language.entry(run, file, symbol)
    if found is None:
        if run.sources.load(file) is None:
            return None  # why nothing of the file was read is told already
        partly = " in the part that scopedown could read" if file in run.sources.findings else ""
        return Finding(
            "handler-missing",
            f"{file} has no export {symbol!r}{partly}" if symbol else f"{file} has no function that starts it{partly}",
            run.sources.place(file),
            "correct the handler setting (FILE.EXPORT), or export this name",
        )
    _invoke(run, found, symbol, run.sources.place(file))
    stored.settle(run)
    return None


def _invoke(run: Interpreter, value: Value, symbol: str, place: Place) -> None:
    """Call the handler as Lambda does: with an event, a context and (Node.js) a callback, of which nothing is known."""
    given: tuple[Value, ...] = (UnknownValue("event", inert=True), _context())
    given += run.position.language.handler_arguments()
    site = CallSite(given, {}, place, complete=False, outside=True)
    if isinstance(value, FunctionValue):
        if value.function.name in ("", "<anonymous>", "lambda"):
            run.position.path = [symbol]
        run.enter(value, site)
        return
    run.position.path = [symbol]
    if isinstance(value, Native):
        value.call(site, run)
    elif isinstance(value, Instance) and (called := members.member_of_class(run, value.cls, "__call__", value, place)):
        run.call_value(called, site)
    else:
        _note_foreign(run, value, place)
        escape.escape(run, value, place)


def _note_foreign(run: Interpreter, value: Value, place: Place) -> None:
    """The handler is a package's, and the project gave it no code: which functions of the project it runs (those that
    decorators of the package register, files that it imports by a setting) is not known."""
    for option in options(value):
        if isinstance(option, External) and not _has_code(option):
            package = option.root.origin
            what = f"the handler comes from {package}, which may run any code of the project"
            run.found.unseen.setdefault((Cause.PACKAGE, what), Unseen(Cause.PACKAGE, what, place, ("*",), HINT))


def _has_code(value: Value, depth: int = 6) -> bool:
    """Whether something is, or holds, code of the project."""
    if isinstance(value, External):
        held = (*value.captured, *value.root.captured)
    else:
        held = tuple(value.held()) if isinstance(value, Object | Sequence) else ()
    return isinstance(value, FunctionValue | Instance | ClassValue | ModuleValue) or (
        depth > 0 and any(_has_code(option, depth - 1) for one in held for option in options(one))
    )


def _context() -> Value:
    """Lambda's context: its function's name and ARN are known, under both languages' spellings
    (https://docs.aws.amazon.com/lambda/latest/dg/python-context.html, …/nodejs-context.html)."""
    name = EnvVar("AWS_LAMBDA_FUNCTION_NAME")
    pseudo = {key: Pseudo(f"AWS::{key}") for key in ("Partition", "Region", "AccountId")}
    arn = Text.of(
        "arn:", pseudo["Partition"], ":lambda:", pseudo["Region"], ":", pseudo["AccountId"], ":function:", name
    )  # fmt: skip
    named, group = TextValue(Text.of(name)), TextValue(Text.of("/aws/lambda/", name))
    return Object(
        {
            "functionName": named,
            "function_name": named,
            "invokedFunctionArn": TextValue(arn),
            "invoked_function_arn": TextValue(arn),
            "logGroupName": group,
            "log_group_name": group,
        },
        UnknownValue("context", inert=True),
    )


def _call_order(call: SdkCall) -> tuple[Place, str, str, str]:
    return (call.place, call.service, call.operation, repr(call.arguments))


def _possible_order(call: PossibleCall) -> tuple[Place, str, str]:
    return (call.place, call.service, call.operation)
