"""JavaScript's global names, Node's modules and the methods of plain values.

``builtin`` gives a global by name, ``module`` a module of Node itself (any other is not known here), ``method`` a
member of a value that is no object of a model. The parts: ``natives`` (functions, promises' methods), ``text``,
``array_methods``, ``objects``, ``collections`` (``Map``, ``Set``), ``json_text``, ``promises``, ``standard``
(``process``, ``util``, ``path``), ``compiled`` (helpers that compilers write).
"""

from __future__ import annotations

from functools import cache

from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
)
from scopedown.core.place import Place
from scopedown.languages.javascript import compiled
from scopedown.languages.javascript import objects as structures
from scopedown.languages.javascript import standard as node
from scopedown.languages.javascript.array_methods import array_method, over_unknown
from scopedown.languages.javascript.natives import method as make_method
from scopedown.languages.javascript.natives import universal
from scopedown.languages.javascript.promises import promise
from scopedown.languages.javascript.require import Require, module_module
from scopedown.languages.javascript.text import number_method, text_method
from scopedown.languages.javascript.urls import params_class, url_class, url_module


@cache
def _globals() -> dict[str, Value]:
    return {
        **node.tables(),
        **structures.tables(),
        **compiled.tables(),
        "Promise": promise(),
        "URL": url_class(),
        "URLSearchParams": params_class(),
        "require": Require(),
    }


def builtin(name: str) -> Value | None:
    """A global name, or None."""
    return _globals().get(name)


@cache
def module(name: str) -> Value | None:
    """A module of Node, or the helpers of a compiler; None for any other."""
    if name in ("url", "node:url"):
        return url_module(name)
    if name in ("module", "node:module"):
        return module_module(name)
    return node.module(name) or compiled.compiler_module(name)


def _object_as_text(site: CallSite, run: Machine) -> Value:
    return Const("[object Object]") if run.exact else UnknownValue("an object as text", site.place)


def method(value: Value, name: str, run: Machine, place: Place) -> Value | None:
    """A member of a value of the language, or None where it has none."""
    match value:
        case Const(str()) | TextValue():
            return text_method(value, name, run, place) or universal(value, name)
        case Const(bool(known)) if name in ("toString", "valueOf"):
            given = Const("true" if known else "false") if name == "toString" else value
            return make_method(value, name, lambda site, run: given)
        case Const(bool()) | Const(None):
            return universal(value, name)
        case Const():
            return number_method(value, name) or universal(value, name)
        case Sequence():
            return array_method(value, name, run, place)
        case UnknownValue():
            return over_unknown(value, name, run, place) or universal(value, name)
        case Object() | Instance():
            if name in ("hasOwnProperty", "propertyIsEnumerable", "isPrototypeOf"):
                return make_method(value, name, lambda site, run: UnknownValue("a test", site.place))
            if name == "toString" and isinstance(value, Object):
                return make_method(value, name, _object_as_text)
            return universal(value, name)
        case ClassValue() if name == "prototype":
            return value
        case FunctionValue() | ClassValue():
            if name == "name":
                return Const(value.function.name if isinstance(value, FunctionValue) else value.definition.name)
            return universal(value, name)
        case _:
            return universal(value, name)
