"""Python where its code runs (https://docs.python.org/3/reference/)."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from functools import cache
from typing import ClassVar

from scopedown.calls.interpreter import trail
from scopedown.calls.interpreter.exported import exported
from scopedown.calls.interpreter.project_files import TASK_ROOT, running_path
from scopedown.calls.machine import Language, Machine, SdkNames
from scopedown.calls.values import ClassValue, Const, Frame, ModuleValue, Sequence, Value
from scopedown.catalog.model import Catalog
from scopedown.languages.python import builtins, natives
from scopedown.languages.python.sdk_names import PythonNames
from scopedown.source import ir

_UNFOLLOWED = frozenset({"__await__", "__getattribute__", "__prepare__", "__mro_entries__", "__del__"})
"""https://docs.python.org/3/reference/datamodel.html#special-method-names"""


class Python(Language):
    """Python."""

    name = "python"
    separator = "."
    loops_over_keys = True
    descriptor = "__get__"
    text_method = "__str__"
    text_operators = True
    operators: ClassVar[Mapping[str, str]] = {
        "+": "__add__", "-": "__sub__", "*": "__mul__", "/": "__truediv__", "//": "__floordiv__", "%": "__mod__",
        "@": "__matmul__", "|": "__or__", "&": "__and__", "^": "__xor__", ">>": "__rshift__", "<<": "__lshift__",
        "==": "__eq__", "!=": "__ne__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__",
    }  # fmt: skip
    """https://docs.python.org/3/reference/datamodel.html#emulating-numeric-types"""
    defaults_where_made = True
    classes_are_thrown = True
    empty_is_false = True
    empty_generators = True
    ends_give_nothing = True
    reports_no_functions = True
    values_are_called = True
    packages_run_first = True
    module_member = "__getattr__"
    """https://peps.python.org/pep-0562/"""

    builtin = staticmethod(builtins.builtin)
    standard_module = staticmethod(cache(builtins.module))
    universal = staticmethod(builtins.universal)
    method = staticmethod(builtins.method)
    library = staticmethod(natives.Library)

    def begin_module(self, module: ModuleValue, run: Machine) -> None:
        """``__file__``, ``__name__``, …"""
        path = running_path(run.sources, module.file)
        if path is None:
            return
        names: dict[str, Value] = {"__file__": Const(path)}
        is_package = path.endswith("/__init__.py")
        if is_package:
            names["__path__"] = Sequence([Const(posixpath.dirname(path))])
        if posixpath.normpath(path) == path:
            dotted = path.removeprefix(TASK_ROOT + "/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            names["__package__"] = Const(dotted if is_package else dotted.rpartition(".")[0])
            names["__name__"] = Const(dotted)
        module.frame.variables.update(names)

    def equal(self, one: Const, other: Const, loosely: bool) -> bool | None:
        """Bytes and texts are never equal, but what is made of bytes is no longer known to be bytes."""
        if isinstance(one.value, ir.Bytes) is not isinstance(other.value, ir.Bytes):
            return None
        return super().equal(one, other, loosely)

    def class_made(self, cls: ClassValue, run: Machine) -> None:
        """Methods that the language calls where the run does not."""
        for name in sorted(_UNFOLLOWED.intersection(cls.fields)):
            trail.unsettle(run, f"defines {name}()", run.place(cls.definition.at))

    def constant(self, node: ir.Expr, frame: Frame) -> Const | None:
        """``__name__``, and ``TYPE_CHECKING``, which is false where code runs
        (https://docs.python.org/3/library/typing.html#typing.TYPE_CHECKING)."""
        if isinstance(node, ir.Name) and node.id == "__name__":
            return Const("__main__" if frame.of_program else "<imported>")
        return Const(False) if self.is_for_types(node) else None

    def is_for_types(self, test: ir.Expr) -> bool:
        """``if TYPE_CHECKING:``."""
        match test:
            case ir.Name(id="TYPE_CHECKING") | ir.Attr(object=ir.Name(id="typing"), name="TYPE_CHECKING"):
                return True
            case _:
                return False

    def entry(self, run: Machine, file: str, symbol: str) -> Value | None:
        """What the module exports under that name."""
        return exported(run, file, symbol)

    def sdk_names(self, catalog: Catalog) -> SdkNames:
        """boto3."""
        return PythonNames(catalog)


LANGUAGE = Python()
