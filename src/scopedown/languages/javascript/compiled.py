"""What compilers write into their output: TypeScript's tslib, Babel's and SWC's helpers, esbuild's prelude."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scopedown.calls.builtins.builtin_call import listed
from scopedown.calls.interpreter import escape, members
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
)
from scopedown.core.place import Place
from scopedown.languages.javascript.natives import (
    NOTHING,
    Function,
    JavaScriptNative,
    Platform,
    function,
    identity,
    silent,
    with_this,
)
from scopedown.languages.javascript.objects import assign, define, getter, held_by


def _await(position: int) -> Function:
    """``__awaiter(this, arguments, Promise, function* …)``: the function, called."""

    def body(site: CallSite, run: Machine) -> Value:
        called = site.argument(position)
        if called is None:
            return NOTHING
        return run.call(with_this(called, site.argument(0)), (), site.place)

    return function("await", body)


def _merge(site: CallSite, run: Machine) -> Value:
    """Object spread: the first argument takes the fields of the others."""
    if not site.positional:
        return Object()
    into, *others = site.positional
    if not isinstance(into, Object):
        others = [into, *others]
        into = Object(born=run.position.conditional)
    for other in others:
        assign(run, into, other, site.place)
    return into


def _rest(site: CallSite, run: Machine) -> Value:
    value, left_out = site.argument(0), site.argument(1)
    names = [item.value for item in left_out.items if isinstance(item, Const)] if isinstance(left_out, Sequence) else []
    if isinstance(value, Object):
        return Object({name: item for name, item in value.fields.items() if name not in names}, value.rest)
    return value or NOTHING


def _define(site: CallSite, run: Machine) -> Value:
    """Babel's ``_defineProperty(object, key, value)``."""
    target, name, value = site.argument(0) or NOTHING, site.argument(1) or NOTHING, site.argument(2) or NOTHING
    members.assign_index(run, target, name, value, site.place)
    return target


def _create_class(site: CallSite, run: Machine) -> Value:
    """Babel's ``_createClass(C, [{key, value}], [{key, value}])``: members of its objects, then its own."""
    cls = site.argument(0) or NOTHING
    if isinstance(cls, FunctionValue):
        for target, listed in (
            (run.attribute(cls, "prototype", site.place), site.argument(1)),
            (cls, site.argument(2)),
        ):
            for item in listed.items if isinstance(listed, Sequence) else ():
                key = held_by(item)[0].get("key")
                if isinstance(key, Const):
                    define(run, target, str(key.value), item, site.place)
    return cls


def _spread_array(site: CallSite, run: Machine) -> Value:
    made = Sequence()
    for value in site.positional[:2]:
        some = listed(run, value, site.place)
        made.items.extend(some.items)
        if some.rest is not None:
            made.rest = some.rest if made.rest is None else join(made.rest, some.rest)
    return made


def _export_star(site: CallSite, run: Machine) -> Value:
    source, target = site.argument(0), site.argument(1)
    if isinstance(target, Object):
        fields, rest = held_by(source)
        for name, value in fields.items():
            if name != "default":
                target.fields.setdefault(name, value)
        if rest is not None:
            target.rest = rest
    return NOTHING


def _create_binding(site: CallSite, run: Machine) -> Value:
    target, source, name = site.argument(0), site.argument(1), site.argument(2)
    alias = site.argument(3) or name
    if isinstance(target, Object) and source is not None and isinstance(name, Const) and isinstance(alias, Const):
        target.fields[str(alias.value)] = run.attribute(source, str(name.value), site.place)
    return NOTHING


def _decorate(site: CallSite, run: Machine) -> Value:
    """``C = __decorate([A(), B()], C)``: the class within its decorators; a member's decorators change nothing here."""
    decorators, target = site.argument(0), site.argument(1)
    if isinstance(target, ClassValue) and len(site.positional) == 2 and isinstance(decorators, Sequence):
        for decorator in reversed(decorators.items):
            one = CallSite((target,), {}, site.place, decorator=True)
            changed = escape.decorate(run, decorator, one)
            target = changed if isinstance(changed, ClassValue) else target
    return target or NOTHING


def _export(site: CallSite, run: Machine) -> Value:
    """esbuild's ``__export(exports, {name: () => value})``."""
    target, getters = site.argument(0), site.argument(1)
    if isinstance(target, Object):
        for name, value in held_by(getters)[0].items():
            target.fields[name] = getter(value)
    return target or NOTHING


@dataclass(slots=True, eq=False)
class Bundled(JavaScriptNative):
    """A CommonJS module inside esbuild's bundle: run once, when it is first required."""

    label = "a bundled module"
    body: Value
    exports: Value | None = None

    def call(self, site: CallSite, run: Machine) -> Value:
        """Its exports."""
        if self.exports is None:
            exported = Object()
            module = Object({"exports": exported})
            self.exports = exported
            run.call(self.body, (exported, module), site.place)
            self.exports = module.fields.get("exports", exported)
        return self.exports


@dataclass(frozen=True, slots=True, eq=False)
class Interop(JavaScriptNative):
    """A CommonJS module as compiled ES code sees it: its default export is the module itself, where it has none."""

    label = "a module"
    module: Value

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """The module's member."""
        fields, rest = held_by(self.module)
        if name == "default" and name not in fields and rest is None:
            return self.module
        return run.attribute(self.module, name, place)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """A member by a computed name."""
        if isinstance(key, Const) and isinstance(key.value, str):
            return self.attribute(key.value, run, place)
        return members.index(run, self.module, key, place)

    def call(self, site: CallSite, run: Machine) -> Value:
        """The module is a function."""
        return run.call_value(self.module, site)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """The module is a class."""
        return run.call_value(self.module, site, True)


def _interop(site: CallSite, run: Machine) -> Value:
    value = site.argument(0) or NOTHING
    if isinstance(value, Object | ClassValue | FunctionValue | Instance):
        return Interop(value)
    return value


def _first_field(value: Value | None) -> Value | None:
    return next(iter(held_by(value)[0].values()), None) if isinstance(value, Object) else value


_PACKAGE = re.compile(r"(?:^|/)node_modules/((?:@[^/]+/)?[^/]+)/(?:(clients/[\w-]+)\.js$)?")


def _modelled(holder: Value | None, run: Machine) -> Value | None:
    """The model of the package that a bundled module is a part of: it is named by its path (``node_modules/x/…``)."""
    name = next(iter(holder.fields), "") if isinstance(holder, Object) else ""
    found = list(_PACKAGE.finditer(name))
    if not found:
        return None
    package, client = found[-1][1], found[-1][2]
    return run.model(f"{package}/{client}" if client else package)


def _common_js(site: CallSite, run: Machine) -> Value:
    model = _modelled(site.argument(0), run)
    if model is not None:
        return function("a bundled module", lambda site, run: model)
    body = _first_field(site.argument(0))
    return Bundled(body) if body is not None else NOTHING


def _esm(site: CallSite, run: Machine) -> Value:
    body = _first_field(site.argument(0))
    return Bundled(body) if body is not None else NOTHING


def _generator(site: CallSite, run: Machine) -> Value:
    return UnknownValue("result of a generator", site.place)


def tables() -> dict[str, Function]:
    """Each helper by the name that its compiler gives it (``compiler_module`` finds those of packages)."""
    interop, merge, spread = "module interop", "object spread", "array spread"
    helpers = (
        (function(interop, _interop), "__importDefault __importStar __toESM _interopRequireDefault"),
        (function(interop, _interop), "_interopRequireWildcard _interop_require_default _interop_require_wildcard"),
        (identity("__toCommonJS"), "__toCommonJS"),
        (identity("__copyProps"), "__copyProps"),
        (function("__reExport", lambda site, run: _export_star(_swapped(site), run)), "__reExport"),
        (silent("__setModuleDefault"), "__setModuleDefault"),
        (function("__createBinding", _create_binding), "__createBinding"),
        (function("__exportStar", _export_star), "__exportStar"),
        (_await(3), "__awaiter"),
        (_await(2), "__async"),
        (identity("async function"), "_asyncToGenerator _async_to_generator"),
        (function(merge, _merge), "__assign _extends _objectSpread _objectSpread2 __spreadValues __spreadProps"),
        (function(merge, _merge), "_object_spread _object_spread_props"),
        (function("object rest", _rest), "__rest _objectWithoutProperties"),
        (function("_createClass", _create_class), "_createClass _create_class"),
        (silent("_classCallCheck"), "_classCallCheck _class_call_check"),
        (function("_defineProperty", _define), "_defineProperty _define_property"),
        (function("__publicField", _define), "__publicField"),
        (function(spread, _spread_array), "__spreadArray __spreadArrays"),
        (identity("array copy"), "_toConsumableArray _to_consumable_array _slicedToArray __read"),
        (identity("iterator"), "__values"),
        (function("__decorate", _decorate), "__decorate"),
        (silent("__metadata"), "__metadata"),
        (silent("__param"), "__param"),
        (function("__export", _export), "__export"),
        (function("__exportAll", lambda site, run: _export(_exporting(site), run)), "__exportAll"),
        (function("__commonJS", _common_js), "__commonJS __commonJSMin"),
        (function("__esm", _esm), "__esm __esmMin"),
        (identity("named function"), "__name"),
        (function("__generator", _generator), "__generator"),
    )
    return {name: helper for helper, names in helpers for name in names.split()}


def _swapped(site: CallSite) -> CallSite:
    return CallSite((site.argument(1) or NOTHING, site.argument(0) or NOTHING), {}, site.place)


def _exporting(site: CallSite) -> CallSite:
    return CallSite((Object(), site.argument(0) or NOTHING), {}, site.place)


_BABEL = """
    asyncToGenerator interopRequireDefault interopRequireWildcard extends objectSpread objectSpread2
    objectWithoutProperties defineProperty toConsumableArray slicedToArray
"""
"""Helpers that a package of Babel has in a file each, named without the underscore."""


def compiler_module(name: str) -> Value | None:
    """``tslib``, ``@babel/runtime/helpers/x``, ``@swc/helpers/…`` as modules, or None."""
    if name == "tslib":
        return Platform("tslib", dict(tables()))
    if name.startswith(("@babel/runtime", "@swc/helpers")):
        helper = name.rpartition("/")[2].removeprefix("_").replace("_", "")
        found = tables()[f"_{helper}"] if helper in _BABEL.split() else None
        return found or Platform(name)
    if name in ("regenerator-runtime", "regenerator-runtime/runtime", "core-js", "source-map-support/register"):
        return Platform(name)
    return None


__all__ = ["compiler_module", "tables"]
