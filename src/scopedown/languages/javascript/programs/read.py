"""The entry: a program that is a configuration (``serverless.ts``) to the Document that a YAML file would have given.

A function that is exported is entered, a promise is what it gives. (osls 4.3.1, ``lib/configuration/read.js``;
serverless v1 and v2 took functions as well.)
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from scopedown.calls.interpreter import exact, modules
from scopedown.calls.interpreter.interpret import undisturbed
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, ClassValue, Const, FunctionValue, Object, Sequence, Unset, Value
from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.document import Document, Files, Remark
from scopedown.documents.nodes import MapNode
from scopedown.languages.javascript.known.values import UNDEFINED
from scopedown.languages.javascript.known_values import text
from scopedown.languages.javascript.natives import NOTHING, function
from scopedown.languages.javascript.programs.evaluation import Evaluation
from scopedown.languages.javascript.programs.language import Configuration
from scopedown.languages.javascript.programs.result import NOT_READ, Result
from scopedown.project.options import Options
from scopedown.source.languages.javascript_syntax import SUFFIXES, error_in, is_broken, parse

__all__ = ["SUFFIXES", "Resolve", "holds", "read_program", "read_value", "reader"]

Resolve = Callable[[str], Any]
"""Gives the value of a variable, as ``resolveVariable("self:custom.a")`` asks for it."""
_CONDITION = "condition.js"


def read_program(path: Path, files: Files, options: Options) -> Document:
    """The configuration that a program exports; raises ScopedownError where it exports no object."""
    name = files.name(path)
    run = reader(files, options)
    top = Place(name)
    try:
        with undisturbed():
            value = _default(run, _exports(run, path), top)
            if isinstance(value, FunctionValue):
                value = run.call(value, (_given(run, options, None),), top)
            result = Result(run)
            tree = result.tree(value, top)
    except RecursionError as error:
        raise ScopedownError(f"{name} is nested too deeply", top, "nest its values less deeply") from error
    broken = _broken(run)
    if broken is not None and (not isinstance(tree, MapNode) or not tree):
        raise ScopedownError(broken.text, broken.place, "correct the file at this place")
    if not isinstance(tree, MapNode):
        reason = (
            f"it exports {'a class' if isinstance(value, ClassValue) else _kind(tree)}"
            if not isinstance(tree, Text)
            else tree.unknowns[0].reason
        )
        place = tree.unknowns[0].place if isinstance(tree, Text) and tree.unknowns else top
        raise ScopedownError(
            f"scopedown cannot read the configuration that {name} exports without running it: {reason}", place or top,
            "export an object, or pass the framework's own template with --compiled",
        )  # fmt: skip
    remarks = tuple(result.remarks.values())
    return Document(path, name, tree, (broken, *remarks) if broken is not None else remarks)


def reader(files: Files, options: Options) -> Evaluation:
    """What reads programs; each file is read once by one reader."""
    language = Configuration()
    run = Evaluation(files, options, language)
    language.begin(run)
    return run


def read_value(
    run: Evaluation, path: Path, options: Options, resolve: Resolve, address: str
) -> tuple[Any, tuple[Remark, ...]]:
    """What ``${file(path):address}`` gives: the program's value there, None where there is none, and remarks.

    The first function on the way is entered with ``{ options, resolveVariable, resolveConfigurationProperty }``.
    Raises ScopedownError where the file cannot be read. (osls 4.3.1, ``lib/configuration/variables/sources/file.js``)
    """
    top = Place(run.files.name(path))
    try:
        with undisturbed():
            value = _exports(run, path)
            given = _given(run, options, resolve)
            entered = isinstance(value, FunctionValue)
            if entered:
                value = run.call(value, (given,), top)
            for key in address.split(".") if address else ():
                if exact.is_nothing(value) and not isinstance(value, Unset):
                    value = NOTHING
                    break
                value = exact.index(run, value, Const(key), top, False)
                if not entered and isinstance(value, FunctionValue):
                    entered = True
                    value = run.call(value, (given,), top)
            result = Result(run)
            tree = result.tree(value, top, address)
    except RecursionError as error:
        raise ScopedownError(f"{top.file} is nested too deeply", top, "nest its values less deeply") from error
    broken = _broken(run)
    if tree is UNDEFINED and broken is not None:
        raise ScopedownError(broken.text, broken.place, "correct the file at this place")
    return (None if tree is UNDEFINED else tree), tuple(result.remarks.values())


def holds(condition: str, files: Files, options: Options) -> bool | None:
    """Whether an expression is true; None where that is not known, or where it is more than an expression."""
    root = parse(condition, Path(_CONDITION), _CONDITION).root
    statements = root.named_children
    if is_broken(root) or len(statements) != 1 or statements[0].type != "expression_statement":
        return None
    run = reader(files, options)
    run.sources.add_inline(_CONDITION, f"module.exports = (\n{condition}\n)", Place(_CONDITION, 1, 1))
    try:
        with undisturbed():
            return exact.truth(run, modules.load(run, _CONDITION))
    except (ScopedownError, RecursionError):
        return None


def _exports(run: Evaluation, path: Path) -> Value:
    run.position.file = run.name(path)
    return run.load(run.position.file)


def _default(run: Evaluation, exports: Value, at: Place) -> Value:
    """What the framework takes of a module: ``module.exports``, or the default export."""
    if isinstance(exports, Object) and "default" in exports.fields:
        default = exact.attribute(run, exports, "default", at, False)
        return exports if exact.is_nothing(default) else default
    return exports


def _given(run: Evaluation, options: Options, resolve: Resolve | None) -> Object:
    """What the framework hands to a function."""
    given = Object({"options": run.value(options.command_line())})
    if resolve is not None:

        def variable(site: CallSite, _: Machine) -> Value:
            written = text(site.argument(0) or NOTHING, run, site.place)
            return run.value(resolve(written.literal) if written.literal is not None else written)

        def configured(site: CallSite, _: Machine) -> Value:
            keys = site.argument(0)
            some = keys.items if isinstance(keys, Sequence) else []
            return run.value(resolve("self:" + ".".join(str(text(key, run, site.place)) for key in some)))

        given.fields["resolveVariable"] = function("resolveVariable", variable)
        given.fields["resolveConfigurationProperty"] = function("resolveConfigurationProperty", configured)
    return given


def _broken(run: Evaluation) -> Remark | None:
    """The first place that could not be parsed."""
    for file in run.heap.modules:
        module, content = run.sources.load(file), run.sources.text(file)
        if module is None or not module.problems or content is None:
            continue
        source = parse(content.decode("utf-8", "replace"), Path(file), file)
        node = error_in(source.root)
        if node is not None:
            what = f"{node.type} is missing" if node.is_missing else "this is not valid JavaScript or TypeScript"
            return Remark(NOT_READ, f"{file} has a syntax error: {what}", source.place(node))
        (line, column), message = module.problems[0]
        return Remark(NOT_READ, f"{file}: {message}", Place(file, line, column))
    return None


def _kind(value: Any) -> str:
    if value is UNDEFINED:
        return "nothing"
    return "a list" if isinstance(value, list) else "no object"
