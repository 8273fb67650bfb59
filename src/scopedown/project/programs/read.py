"""The entry: a program that is a configuration (``serverless.ts``) to the Document that a YAML file would have given.

A function that is exported is entered, a promise is what it gives. (osls 4.3.1, ``lib/configuration/read.js``;
serverless v1 and v2 took functions as well.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.document import Document, Files, Remark
from scopedown.documents.nodes import MapNode
from scopedown.project.options import Options
from scopedown.project.programs import modules
from scopedown.project.programs.evaluate import Evaluation
from scopedown.project.programs.members import is_callable, member
from scopedown.project.programs.result import NOT_READ, Result
from scopedown.project.programs.scope import Builtin, Evaluator, Module
from scopedown.project.programs.values import Record, Unset, Value, is_nullish, record, string
from scopedown.source.javascript.values import UNDEFINED
from scopedown.source.languages.javascript_syntax import SUFFIXES, error_in
from scopedown.source.resolve.node import NodeModules
from scopedown.source.resolve.search_path import configuration_ground

__all__ = ["SUFFIXES", "Resolve", "read_program", "read_value", "reader"]

Resolve = Callable[[str], Any]
"""Gives the value of a variable, as ``resolveVariable("self:custom.a")`` asks for it."""


def read_program(path: Path, files: Files, options: Options) -> Document:
    """The configuration that a program exports; raises ScopedownError where it exports no object."""
    name = files.name(path)
    e = reader(files, options)
    top = Place(name)
    try:
        module = modules.load(e, path, top)
        value = _configuration(e, module, top)
        if is_callable(value):
            value = e.call(value, [_given(options, None)], top)
        result = Result(e)
        tree = result.tree(value, top)
    except RecursionError as error:
        raise ScopedownError(f"{name} is nested too deeply", top, "nest its values less deeply") from error
    if not isinstance(tree, MapNode) or not tree:
        problem = _broken(e)
        if problem is not None:
            raise ScopedownError(problem.text, problem.place, "correct the file at this place")
    if not isinstance(tree, MapNode):
        reason = f"it exports {_kind(tree)}" if not isinstance(tree, Text) else tree.unknowns[0].reason
        place = tree.unknowns[0].place if isinstance(tree, Text) and tree.unknowns else top
        raise ScopedownError(
            f"scopedown cannot read the configuration that {name} exports without running it: {reason}", place or top,
            "export an object, or pass the framework's own template with --compiled",
        )  # fmt: skip
    remarks = tuple(result.remarks.values())
    broken = _broken(e)
    return Document(path, name, tree, (broken, *remarks) if broken is not None else remarks)


def reader(files: Files, options: Options) -> Evaluator:
    """What reads programs; each file is read once by one reader."""
    ground = configuration_ground(str(files.root.absolute()))
    return Evaluation(files, dict(options.environment), ground, NodeModules(ground))


def read_value(
    e: Evaluator, path: Path, options: Options, resolve: Resolve, address: str
) -> tuple[Any, tuple[Remark, ...]]:
    """What ``${file(path):address}`` gives: the program's value there, None where there is none, and remarks.

    The first function on the way is entered with ``{ options, resolveVariable, resolveConfigurationProperty }``.
    Raises ScopedownError where the file cannot be read. (osls 4.3.1, ``lib/configuration/variables/sources/file.js``)
    """
    top = Place(e.files.name(path))
    try:
        module = modules.load(e, path, top)
        value = modules.namespace(e, module)
        given = _given(options, resolve)
        entered = is_callable(value)
        if entered:
            value = e.call(value, [given], top)
        for key in address.split(".") if address else ():
            if is_nullish(value) and not isinstance(value, Unset):
                value = UNDEFINED
                break
            value = member(e, value, key, top)
            if not entered and is_callable(value):
                entered = True
                value = e.call(value, [given], top)
        result = Result(e)
        tree = result.tree(value, top, address)
    except RecursionError as error:
        raise ScopedownError(f"{top.file} is nested too deeply", top, "nest its values less deeply") from error
    broken = _broken(e)
    if tree is UNDEFINED and broken is not None:
        raise ScopedownError(broken.text, broken.place, "correct the file at this place")
    return (None if tree is UNDEFINED else tree), tuple(result.remarks.values())


def _configuration(e: Evaluator, module: Module, at: Place) -> Value:
    """What the framework takes of a module: ``module.exports``, or the default export."""
    assigned = module.own.get("exports", UNDEFINED)
    started = isinstance(assigned, Record) and not assigned and assigned.rest is None
    if started and ("default" in module.exports or not module.exports):
        return modules.exported(e, module, "default", at, frozenset()) if module.exports else assigned
    value = assigned if not started else modules.namespace(e, module)
    if isinstance(value, MapNode) and "default" in value and value["default"] not in (None, UNDEFINED):
        return value["default"]
    return value


def _given(options: Options, resolve: Resolve | None) -> Record:
    """What the framework hands to a function."""
    top = Place("")
    given: Mapping[str, Any] = dict(options.command_line())
    values: dict[str, Value] = {"options": record(given, top)}
    if resolve is not None:

        def variable(e: Evaluator, arguments: list[Value], at: Place) -> Value:
            text = string(arguments[0]) if arguments else ""
            return resolve(text) if isinstance(text, str) else text

        def configured(e: Evaluator, arguments: list[Value], at: Place) -> Value:
            keys = arguments[0] if arguments and isinstance(arguments[0], list) else []
            return resolve("self:" + ".".join(str(string(key)) for key in keys))

        values["resolveVariable"] = Builtin("resolveVariable", variable)
        values["resolveConfigurationProperty"] = Builtin("resolveConfigurationProperty", configured)
    return record(values, top)


def _broken(e: Evaluator) -> Remark | None:
    """The first place that could not be parsed."""
    for module in e.modules.values():
        node = error_in(module.source.root)
        if node is not None:
            what = f"{node.type} is missing" if node.is_missing else "this is not valid JavaScript or TypeScript"
            return Remark(NOT_READ, f"{module.source.file} has a syntax error: {what}", module.source.place(node))
    return None


def _kind(value: Any) -> str:
    if value is UNDEFINED:
        return "nothing"
    return "a list" if isinstance(value, list) else "no object"
