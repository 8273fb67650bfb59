"""JavaScript and TypeScript where their code runs (https://tc39.es/ecma262/, https://nodejs.org/api/)."""

from __future__ import annotations

import posixpath

from scopedown.calls.interpreter import trail
from scopedown.calls.interpreter.exported import exported
from scopedown.calls.interpreter.project_files import running_path
from scopedown.calls.machine import Language, Machine, SdkNames
from scopedown.calls.values import ClassValue, Const, External, Frame, ModuleValue, Object, UnknownValue, Value
from scopedown.catalog.model import Catalog
from scopedown.core.place import Place
from scopedown.languages.javascript import builtins, known_values, natives, operators
from scopedown.languages.javascript.sdk_names import JavaScriptNames
from scopedown.source import ir
from scopedown.source.languages.javascript_syntax import STATIC


class JavaScript(Language):
    """JavaScript and TypeScript."""

    name = "javascript"
    separator = "/"
    members_are_keys = True
    iterators = ("@@asyncIterator", "@@iterator")
    class_member = "constructor"
    own_members = STATIC
    prototype_key = "__proto__"
    text_method = "toString"
    implicit_names = frozenset(
        {
            "next", "return", "throw", "then", "constructor", "toString", "toJSON", "valueOf", "*", "apply",
            "construct", "defineProperty", "deleteProperty", "getOwnPropertyDescriptor", "getPrototypeOf", "has",
            "isExtensible", "ownKeys", "preventExtensions", "setPrototypeOf",
        }
    )  # fmt: skip
    """Of iterators, thenables, conversions and proxies, and computed names (symbols)."""
    classes_know_themselves = True
    constructors_return = True
    arguments_name = True
    decorates_descriptors = True
    turns_have_scopes = True
    imports_data = True
    undefined_takes_default = True
    empty_generators = True
    results_run = True
    values_are_called = True
    reports_no_functions = True

    builtin = staticmethod(builtins.builtin)
    standard_module = staticmethod(builtins.module)
    method = staticmethod(builtins.method)
    calculated = staticmethod(operators.calculated)
    key_of = staticmethod(operators.key_of)
    library = staticmethod(natives.Quiet)

    def silent(self, name: str) -> Value:
        """What a package gives is no client."""
        return External(name, module=True)

    def of_object(self, value: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A promise of an object is the object; ``bind`` and its like."""
        return natives.universal(value, name)

    def is_true(self, value: Const) -> bool:
        """Not a number is false, too."""
        return bool(value.value) and value.value == value.value

    def equal(self, one: Const, other: Const, loosely: bool) -> bool | None:
        """By https://tc39.es/ecma262/#sec-isstrictlyequal and #sec-islooselyequal."""
        return known_values.equal(one, other, loosely)

    def begin_module(self, module: ModuleValue, run: Machine) -> None:
        """``exports``, ``module``, ``require``, ``__dirname``, …; what no file declares is in the global object."""
        frame, exported = module.frame, Object()
        frame.parent = run.heap.globals
        path = running_path(run.sources, module.file)
        if path is not None:
            folder = Const(posixpath.dirname(path))
            meta: dict[str, Value] = {"url": Const("file://" + path), "filename": Const(path), "dirname": folder}
            frame.variables["__filename"], frame.variables["__dirname"] = Const(path), folder
            frame.variables["import.meta"] = Object(meta, UnknownValue("a member of import.meta"))
        frame.variables["exports"] = exported
        held = {"exports": exported, "require": builtins.builtin("require")}
        frame.variables["module"] = Object({name: one for name, one in held.items() if one is not None})
        frame.this = exported

    def exports(self, module: ModuleValue) -> Value:
        """``module.exports``, with what was written to ``exports`` alone."""
        holder = module.frame.variables.get("module")
        exported = holder.fields.get("exports") if isinstance(holder, Object) else None
        written = module.frame.variables.get("exports")
        if isinstance(exported, Object) and isinstance(written, Object) and written is not exported:
            return Object({**written.fields, **exported.fields}, exported.rest)
        return exported or written or Const(None)

    def constant(self, node: ir.Expr, frame: Frame) -> Const | None:
        """``require.main === module``."""
        match node:
            case ir.Name(id="module"):
                return Const("<module>")
            case ir.Attr(object=ir.Name(id="require"), name="main"):
                return Const("<module>" if frame.of_program else "<entry>")
            case _:
                return None

    def class_made(self, cls: ClassValue, run: Machine) -> None:
        """What objects inherit is kept in the class itself, so that a member of this name hides it."""
        if "prototype" in cls.fields:
            trail.unsettle(run, "has a class with a member named prototype", run.place(cls.definition.at))

    def handler_arguments(self) -> tuple[Value, ...]:
        """A callback (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html)."""
        return (UnknownValue("callback", inert=True),)

    def entry(self, run: Machine, file: str, symbol: str) -> Value | None:
        """What the module exports under that name."""
        return exported(run, file, symbol)

    def sdk_names(self, catalog: Catalog) -> SdkNames:
        """Versions 2 and 3."""
        return JavaScriptNames(catalog)


LANGUAGE = JavaScript()
