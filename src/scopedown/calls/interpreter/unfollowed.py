"""What a run did not follow, where an SDK call may be in it.

In: the interpreter after its run. Out: an :class:`~scopedown.core.coverage.Unseen` for

* a call on a value that is not known, where its name and arguments fit an operation of an SDK;
* a call in code that was entered but never evaluated, and that no test leaves out, where it fits an operation;
* a function that was not entered, that such a call may reach by its name, and that has a call that fits;
* a function of a kind that the language calls by itself (an accessor, an iterator's ``return``), if it was made and
  never entered;
* after the code did what the run follows only in part (``Trail.unsettled``): every function that was made and never
  entered, and what a decided test left out;
* a command that was made and never sent;
* a limit that was reached, and a file that could not be read whole.

Values that are data cannot be called, unless code wrote an object to data, and what a closed call reached is known, so
that code which the run followed to the end gives none of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scopedown.calls.interpreter.dispatch import HINT
from scopedown.calls.interpreter.trail import called_name
from scopedown.calls.machine import Language, Machine, SdkNames
from scopedown.calls.model import PossibleCall
from scopedown.catalog.action_patterns import of_operations, of_service
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.source import ir
from scopedown.source.outline import RETURNED, Declared, changes_others, ids

_CUT = {
    "source-syntax": Cause.SYNTAX, "source-too-large": Cause.SYNTAX, "source-unreadable": Cause.SYNTAX,
    "source-binary": Cause.SYNTAX, "analysis-bound": Cause.LIMIT, "handler-missing": Cause.SOURCE,
}  # fmt: skip
"""Findings after which some of a function's code was not read."""


def unseen(run: Machine, findings: Iterable[Finding], possible: Iterable[PossibleCall]) -> Iterator[Unseen]:
    """The parts of the code that were not seen, in the order of their places."""
    found = dict.fromkeys(run.found.unseen.values())
    for finding in findings:
        if finding.code in _CUT:
            found[Unseen(_CUT[finding.code], finding.message, finding.place, remedy=finding.remedy)] = None
    for call in possible:
        operation = run.catalog.operation(call.service, call.operation)
        may_call = of_operations([operation] if operation is not None else [])
        what = f"the code may call {call.service}.{call.operation}: {call.reason}"
        found[Unseen(Cause.DISPATCH, what, call.place, may_call, HINT)] = None
    if run.found.sdk_files:
        found |= dict.fromkeys(_Search(run).found())
    yield from sorted(found, key=lambda one: (one.place or Place("", 0, 0), one.cause.value, one.what))


class _Search:
    """The search through one run."""

    def __init__(self, run: Machine) -> None:
        self._run = run
        self._names: dict[str, SdkNames] = {}
        self._unsettled = next(iter(run.trail.unsettled.items()), None)
        self._files = [
            name for name in sorted(run.heap.modules) if name not in run.found.installed and not name.endswith("/")
        ]

    def found(self) -> Iterator[Unseen]:
        """All of them."""
        run = self._run
        for (service, operation), place in run.trail.commands.items():
            if (service, operation) not in run.trail.sent:
                yield Unseen(
                    Cause.DISPATCH, f"scopedown did not find the call that sends {operation}Command", place,
                    of_service(run.catalog, service), HINT,
                )  # fmt: skip
        names: dict[str, Place] = {}
        for call in run.trail.open.values():
            if not call.is_member:
                names.setdefault(RETURNED, call.site.place)
            if call.name is None or call.is_no_function:
                names.setdefault("*", call.site.place)
                continue
            names.setdefault(call.name, call.site.place)
            if may_call := self._names_in(call.site.place.file).of_open(call):
                what = f"the code calls {call.name}() on an unknown value ({call.what})"
                yield Unseen(Cause.DISPATCH, what, call.site.place, may_call, HINT)
        for name, place in run.trail.on_data.items() if run.trail.data_has_code else ():
            names.setdefault("*" if name is None else name, place)
        entered = run.found.functions_entered
        entered_at = frozenset(entered.values())  # an accessor that a descriptor defines is a copy of the function
        seen: list[tuple[str, Declared]] = []
        left: list[tuple[str, Declared]] = []
        for file in self._files:
            found = run.sources.outline(file)
            for declared in found.declared if found is not None else ():
                function = declared.function
                is_entered = function is None or id(function) in entered or (file, function.at) in entered_at
                (seen if is_entered else left).append((file, declared))
        if self._unsettled is None:
            self._unsettled = next(self._changing(left), None)
        if self._unsettled is not None:
            names.setdefault(RETURNED, self._unsettled[1])
        for file, declared in seen:
            yield from self._never_evaluated(file, declared, names)
        yield from self._never_entered(left, names)

    def _changing(self, left: list[tuple[str, Declared]]) -> Iterator[tuple[str, Place]]:
        """Functions that the language may have called by itself, and that change more than their own variables."""
        for file, one in left:
            if one.function is not None and self._is_implicit(file, one) and changes_others(one.function):
                place = self._run.sources.place(file, *one.function.at)
                yield "has a function that the language may call by itself", place

    def _is_implicit(self, file: str, one: Declared) -> bool:
        """Whether a function was made that the language may call without naming it."""
        function = one.function
        if function is None or id(function) not in self._run.trail.made:
            return False
        names = self._language(file).implicit_names
        return bool(names) and (function.accessor or not names.isdisjoint(one.names) or any(map(_is_setter, one.names)))

    def _language(self, file: str) -> Language:
        module = self._run.heap.modules.get(file)
        return self._run.position.language if module is None else self._run.language(module.frame.language)

    def _names_in(self, file: str) -> SdkNames:
        """How the SDKs of a file's language write calls."""
        language = self._language(file)
        if language.name not in self._names:
            self._names[language.name] = language.sdk_names(self._run.catalog)
        return self._names[language.name]

    # calls that were not

    def _never_evaluated(self, file: str, declared: Declared, names: dict[str, Place]) -> Iterator[Unseen]:
        trail = self._run.trail
        for call, inside in declared.calls:
            if declared.function is not None:
                for variable in _handed(call):
                    names.setdefault(variable, self._run.sources.place(file, *call.at))
            if id(call) in trail.evaluated or call.decorator:
                continue
            why = ""
            if not trail.skipped.isdisjoint(ids(inside)):
                if self._unsettled is None:
                    continue
                why = self._why()
            place = self._run.sources.place(file, *call.at)
            if (name := called_name(call)) is not None:
                names.setdefault(name, place)
            if may_call := self._written(call, file):
                what = f"scopedown did not follow the call of {name}(){why}"
                yield Unseen(Cause.DISPATCH, what, place, may_call, HINT)

    def _why(self) -> str:
        """Why what the run left out may run."""
        if self._unsettled is None:
            return ""
        what, place = self._unsettled
        return f", since the code {what} ({place.file}:{place.line})"

    def _never_entered(self, left: list[tuple[str, Declared]], names: dict[str, Place]) -> Iterator[Unseen]:
        """Functions that are reached by a name of an open call, or that were made where they are used."""
        made, in_unseen_hands = set(self._run.trail.made), self._run.trail.in_unseen_hands
        values = self._run.trail.values if self._run.position.language.values_are_called else frozenset()
        waiting = left
        while True:
            reached = [
                (file, one)
                for file, one in waiting
                if not names.keys().isdisjoint(one.names | one.aliases)
                or ("*" in names and one.names)
                or ((not one.names or self._unsettled is not None) and id(one.function) in made)
                or self._is_implicit(file, one)
                or ((RETURNED in names or self._unsettled is not None) and id(one.function) in values)
                or id(one.function) in in_unseen_hands
            ]
            if not reached:
                return
            taken = {id(one) for _, one in reached}
            if self._unsettled is not None:
                outer = {id(one.function) for _, one in reached}
                made |= {id(one.function) for _, one in waiting if id(one.outer) in outer}
            waiting = [(file, one) for file, one in waiting if id(one) not in taken]
            for file, one in reached:
                at = one.function.at if one.function is not None else (1, 1)
                for call, _ in one.calls:
                    name = called_name(call)
                    if name is not None:
                        names.setdefault(name, self._run.sources.place(file, *at))
                    if may_call := self._written(call, file):
                        called = next((f"{own}()" for own in sorted(one.names - {RETURNED})), "an unnamed function")
                        what = f"{called} may run and call {name}(){self._why()}"
                        yield Unseen(Cause.DISPATCH, what, self._run.sources.place(file, *call.at), may_call, HINT)

    def _written(self, call: ir.Call, file: str) -> tuple[str, ...]:
        """What a call may be, by how it is written. Names of a file that are collections have methods of these names
        and are no clients."""
        outline = self._run.sources.outline(file)
        return self._names_in(file).of_written(call, outline.data if outline is not None else frozenset())


def _is_setter(name: str) -> bool:
    return name.endswith(".setter")


def _handed(call: ir.Call) -> Iterator[str]:
    """The variables among a call's arguments: a function in one of them may be called by whoever is called."""
    for expr in (*call.positional, *(value for _, value in call.keywords)):
        values = [value for _, value in expr.entries] if isinstance(expr, ir.ObjectExpr) else [expr]
        yield from (value.id for value in values if isinstance(value, ir.Name))
