"""What a run did not follow, where an SDK call may be in it.

In: the interpreter after its run. Out: an :class:`~scopedown.core.coverage.Unseen` for

* a call on a value that is not known, where its name and arguments fit an operation of an SDK;
* a call in code that was entered but never evaluated, and that no test leaves out, where it fits an operation;
* a function that was not entered, that such a call may reach by its name, and that has a call that fits;
* a command that was made and never sent;
* a limit that was reached, and a file that could not be read whole.

Values that are data cannot be called, and what a closed call reached is known, so that code which the run followed to
the end gives none of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scopedown.calls.interpreter.dispatch import HINT
from scopedown.calls.interpreter.trail import name_of
from scopedown.calls.machine import Machine, Native
from scopedown.calls.machine.state import OpenCall
from scopedown.calls.model import PossibleCall
from scopedown.calls.values import Const, Object, Sequence, TextValue, UnknownValue, Value, options
from scopedown.catalog.action_patterns import of_operations, of_service
from scopedown.catalog.model import Operation
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.source import ir
from scopedown.source.outline import RETURNED, Declared, ids

_DOCUMENT_CLIENT = {
    "get": "GetItem", "put": "PutItem", "update": "UpdateItem", "delete": "DeleteItem", "query": "Query",
    "scan": "Scan", "batchGet": "BatchGetItem", "batchWrite": "BatchWriteItem", "transactGet": "TransactGetItems",
    "transactWrite": "TransactWriteItems",
}  # fmt: skip
"""https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/DynamoDB/DocumentClient.html"""
_TRANSFERS = frozenset(
    {"upload_file", "upload_fileobj", "download_file", "download_fileobj", "generate_presigned_post"}
)
"""https://boto3.amazonaws.com/v1/documentation/api/latest/guide/s3-uploading-files.html"""
_BY_NAME = frozenset({"get_paginator", "get_waiter", "paginate", "generate_presigned_url"})
"""Methods of every client of boto3 that take an operation by its name, and what is made so."""
_V2_BY_NAME = frozenset({"getSignedUrl", "getSignedUrlPromise", "makeRequest"})
"""The same of the JavaScript SDK 2
(https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/S3.html#getSignedUrl-property)."""
_V2_TRANSFERS = frozenset({"upload", "createPresignedPost"})
"""Methods of its client of S3 that are no operations; each takes a Bucket
(https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/S3.html#upload-property)."""
_WITH_RESOURCES = ("cloudformation", "cloudwatch", "dynamodb", "ec2", "glacier", "iam", "s3", "sns", "sqs")
"""https://boto3.amazonaws.com/v1/documentation/api/latest/guide/resources.html"""
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
    for one in possible:
        operation = run.catalog.operation(one.service, one.operation)
        may_call = of_operations([operation] if operation is not None else [])
        what = f"{one.service}.{one.operation} may be called: {one.reason}"
        found[Unseen(Cause.DISPATCH, what, one.place, may_call, HINT)] = None
    if run.found.sdk_files:
        found |= dict.fromkeys(_Search(run).found())
    yield from sorted(found, key=lambda one: (one.place or Place("", 0, 0), one.cause.value, one.what))


class _Names:
    """Which operations a call may be, by its name and what it is given."""

    def __init__(self, run: Machine) -> None:
        self._catalog = run.catalog
        self._known: dict[str, tuple[Operation, ...]] = {}
        self._actions: dict[str, set[tuple[str, str]]] | None = None

    def operations(self, name: str, language: str) -> tuple[Operation, ...]:
        """The operations that have this name in a language's SDK."""
        if language == "python":
            return self._named(name) if name.islower() else ()
        if (short := _DOCUMENT_CLIENT.get(name)) is not None:
            operation = self._catalog.operation("dynamodb", short)
            return (operation,) if operation is not None else ()
        return self._named(name[:1].upper() + name[1:]) if name[:1].islower() else ()

    def of_resources(self, name: str) -> tuple[Operation, ...]:
        """The operations that an action of a boto3 resource calls, which fills in some of their parameters."""
        if self._actions is None:
            self._actions = {}
            for service in _WITH_RESOURCES:
                for kind in self._catalog.resource_models_of(service):
                    model = self._catalog.resource_model(service, kind)
                    for action, (called, _) in model.operations.items() if model is not None else ():
                        self._actions.setdefault(action, set()).add((service, called))
        operations = (self._catalog.operation(*one) for one in sorted(self._actions.get(name, ())))
        return tuple(one for one in operations if one is not None)

    def made(self, name: str, new: bool) -> tuple[Operation, ...]:
        """What a command's class, a paginator's function or an upload's class calls."""
        if not new:
            return self._named(name.removeprefix("paginate")) if name.startswith("paginate") else ()
        return self._named("PutObject") if name == "Upload" else self.command(name)

    def command(self, name: str) -> tuple[Operation, ...]:
        """The operations that a command's class stands for."""
        if not name.endswith("Command") or name == "Command":
            return ()
        short = name.removesuffix("Command")
        document = _DOCUMENT_CLIENT.get(short[:1].lower() + short[1:])
        return self._named(document or short)

    def _named(self, name: str) -> tuple[Operation, ...]:
        if name not in self._known:
            self._known[name] = self._catalog.operations_named(name)
        return self._known[name]


class _Search:
    """The search through one run."""

    def __init__(self, run: Machine) -> None:
        self._run = run
        self._names = _Names(run)
        self._files = [
            name for name in sorted(run.heap.modules) if name not in run.found.installed and not name.endswith("/")
        ]

    def found(self) -> Iterator[Unseen]:
        """All of them."""
        run = self._run
        for (service, operation), place in run.trail.commands.items():
            if (service, operation) not in run.trail.sent:
                yield Unseen(
                    Cause.DISPATCH, f"{operation}Command is made and what sends it was not followed", place,
                    of_service(run.catalog, service), HINT,
                )  # fmt: skip
        names: dict[str, Place] = {}
        for one in run.trail.open.values():
            language = self._language(one.site.place.file)
            if not one.is_member:
                names.setdefault(RETURNED, one.site.place)
            if one.name is None:
                names.setdefault("*", one.site.place)
                continue
            names.setdefault(one.name, one.site.place)
            if may_call := self._fits(one, language):
                what = f"{one.name}() is called on a value that is not known ({one.what})"
                yield Unseen(Cause.DISPATCH, what, one.site.place, may_call, HINT)
        entered = run.found.functions_entered
        left: list[tuple[str, Declared]] = []
        for file in self._files:
            found = run.sources.outline(file)
            for declared in found.declared if found is not None else ():
                if declared.function is None or id(declared.function) in entered:
                    yield from self._never_evaluated(file, declared, names)
                else:
                    left.append((file, declared))
        yield from self._never_entered(left, names)

    def _language(self, file: str) -> str:
        module = self._run.heap.modules.get(file)
        return module.frame.language if module is not None else self._run.position.language

    # calls that were evaluated

    def _fits(self, call: OpenCall, language: str) -> tuple[str, ...]:
        """What an open call may call; empty where it is no operation of an SDK."""
        name, site = call.name or "", call.site
        first = site.positional[0] if site.positional else None
        if language == "python":
            if name in _TRANSFERS or (name == "copy" and len(site.all()) > 1):
                return of_service(self._run.catalog, "s3")
            if name in _BY_NAME:
                return ("*",)
            if site.positional:
                return ()
            return self._fitting_python(name, set(site.keywords), site.complete)
        if name == "send":
            return ("*",) if first is not None and any(map(_is_command, options(first))) else ()
        if name in _V2_BY_NAME:
            return self._by_name(first)
        if name in _V2_TRANSFERS:
            inputs = options(first) if first is not None else ()
            return of_service(self._run.catalog, "s3") if any(map(_may_have_bucket, inputs)) else ()
        operations = self._names.operations(name, language)
        if not operations or (first is not None and not any(map(_may_be_input, options(first)))):
            return ()
        given = [one for one in options(first) if isinstance(one, Object)] if first is not None else []
        if first is None:
            return self._fitting(operations, set(), site.complete)
        if not given:
            return self._fitting(operations, set(), False)
        return tuple(
            dict.fromkeys(
                prefix for one in given for prefix in self._fitting(operations, set(one.fields), one.rest is None)
            )
        )

    def _by_name(self, name: Value | None) -> tuple[str, ...]:
        """What a call that takes an operation by its name may call."""
        if not (isinstance(name, Const) and isinstance(name.value, str)):
            return ("*",) if isinstance(name, UnknownValue | TextValue) else ()
        operations = self._names.operations(name.value, "javascript")
        return of_operations(operations) if operations else ()

    def _fitting_python(self, name: str, given: set[str], complete: bool) -> tuple[str, ...]:
        """The same for a method of a client, or of a resource, which knows some of the parameters itself."""
        found = self._fitting(self._names.operations(name, "python"), given, complete)
        if found or not given or not all(key[:1].isupper() for key in given):
            return found
        return self._fitting(self._names.of_resources(name), given, False)

    def _fitting(self, operations: Iterable[Operation], given: set[str], complete: bool) -> tuple[str, ...]:
        fitting = [
            one for one in operations if given <= set(one.members) and (not complete or set(one.required) <= given)
        ]
        return of_operations(fitting) if fitting else ()

    # calls that were not

    def _never_evaluated(self, file: str, declared: Declared, names: dict[str, Place]) -> Iterator[Unseen]:
        trail, language = self._run.trail, self._language(file)
        for call, inside in declared.calls:
            if declared.function is not None:
                for variable in _handed(call):
                    names.setdefault(variable, self._run.sources.place(file, *call.at))
            if id(call) in trail.evaluated or call.decorator or not trail.skipped.isdisjoint(ids(inside)):
                continue
            place = self._run.sources.place(file, *call.at)
            if (name := _name_of(call)) is not None:
                names.setdefault(name, place)
            if may_call := self._written(call, file, language):
                yield Unseen(Cause.DISPATCH, f"{name}() was not followed", place, may_call, HINT)

    def _never_entered(self, left: list[tuple[str, Declared]], names: dict[str, Place]) -> Iterator[Unseen]:
        """Functions that are reached by a name of an open call, or that were made where they are used."""
        made, in_unseen_hands = self._run.trail.made, self._run.trail.in_unseen_hands
        waiting = left
        while True:
            reached = [
                (file, one)
                for file, one in waiting
                if not names.keys().isdisjoint(one.names)
                or ("*" in names and one.names)
                or (not one.names and id(one.function) in made)
                or id(one.function) in in_unseen_hands
            ]
            if not reached:
                return
            taken = {id(one) for _, one in reached}
            waiting = [(file, one) for file, one in waiting if id(one) not in taken]
            for file, one in reached:
                language = self._language(file)
                at = one.function.at if one.function is not None else (1, 1)
                for call, _ in one.calls:
                    name = _name_of(call)
                    if name is not None:
                        names.setdefault(name, self._run.sources.place(file, *at))
                    if may_call := self._written(call, file, language):
                        called = next(iter(sorted(one.names)), "a function")
                        what = f"{called}() may run, which calls {name}()"
                        yield Unseen(Cause.DISPATCH, what, self._run.sources.place(file, *call.at), may_call, HINT)

    def _written(self, call: ir.Call, file: str, language: str) -> tuple[str, ...]:
        """What a call may be, by how it is written."""
        name = _name_of(call)
        if name is None:
            return ()
        if call.new or not isinstance(call.function, ir.Attr):
            found = self._names.made(name, call.new) if language != "python" else ()
            return of_operations(found) if found else ()
        first = call.positional[0] if call.positional else None
        if language == "python":
            if name in _TRANSFERS:
                return of_service(self._run.catalog, "s3")
            if name in _BY_NAME:
                return ("*",)
            if first is not None:
                return ()
            given = {key for key, _ in call.keywords if key is not None}
            return self._fitting_python(name, given, all(key for key, _ in call.keywords))
        if isinstance(first, ir.Const | ir.Template | ir.Lambda | ir.ListExpr):
            return ()
        if isinstance(owner := call.function.object, ir.Name) and owner.id in self._data(file):
            return ()
        operations = self._names.operations(name, language)
        if not isinstance(first, ir.ObjectExpr):
            return self._fitting(operations, set(), first is None)
        keys = {key.value for key, _ in first.entries if isinstance(key, ir.Const) and isinstance(key.value, str)}
        return self._fitting(operations, keys, all(isinstance(key, ir.Const) for key, _ in first.entries))

    def _data(self, file: str) -> frozenset[str]:
        """The names of a file that are collections, which have methods of these names and are no clients."""
        found = self._run.sources.outline(file)
        return found.data if found is not None else frozenset()


def _handed(call: ir.Call) -> Iterator[str]:
    """The variables among a call's arguments: a function in one of them may be called by whoever is called."""
    for one in (*call.positional, *(value for _, value in call.keywords)):
        values = [value for _, value in one.entries] if isinstance(one, ir.ObjectExpr) else [one]
        yield from (value.id for value in values if isinstance(value, ir.Name))


def _name_of(call: ir.Call) -> str | None:
    return "*" if isinstance(call.function, ir.Index) and name_of(call) is None else name_of(call)


def _is_command(value: Value) -> bool:
    return isinstance(value, Native) and value.unsent() is not None


def _may_be_input(value: Value) -> bool:
    return isinstance(value, Object | UnknownValue) or not isinstance(value, Const | TextValue | Sequence | Native)


def _may_have_bucket(value: Value) -> bool:
    if isinstance(value, Object):
        return "Bucket" in value.fields or value.rest is not None
    return isinstance(value, UnknownValue)
