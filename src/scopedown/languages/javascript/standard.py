"""Node's globals and modules: the environment, timers, ``util``, ``path``; the others are the platform at large."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from urllib.parse import unquote

from scopedown.calls.interpreter import dispatch, exact, execute, trail
from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.interpreter.project_files import TASK_ROOT
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    Const,
    EnvVar,
    FunctionValue,
    Object,
    Text,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    from_text,
    join,
)
from scopedown.core.place import Place
from scopedown.core.text import Literal, Part
from scopedown.languages.javascript import known_values as exactly
from scopedown.languages.javascript import paths
from scopedown.languages.javascript.events import EmitterClass
from scopedown.languages.javascript.known import numbers
from scopedown.languages.javascript.known.strings import encoded
from scopedown.languages.javascript.known.values import UNDEFINED, Known
from scopedown.languages.javascript.known.values import text_of as text_of_known
from scopedown.languages.javascript.known_values import Work, patterns, worked_out
from scopedown.languages.javascript.natives import (
    NOTHING,
    Function,
    JavaScriptNative,
    Platform,
    Quiet,
    function,
    given,
    identity,
    method,
    text_of,
)
from scopedown.languages.javascript.promises import callbackify, promisify
from scopedown.languages.javascript.reflect import function_prototype, proxy, reflect, revocable
from scopedown.languages.javascript.require import main_module
from scopedown.languages.javascript.text import part_of

_MODULES = """
    assert assert/strict async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel
    dns dns/promises domain events fs fs/promises http http2 https inspector module net os path path/posix perf_hooks
    process punycode querystring readline readline/promises repl stream stream/consumers stream/promises stream/web
    string_decoder sys test timers timers/promises tls trace_events tty url util util/types v8 vm wasi worker_threads
    zlib
"""
MODULES = frozenset(_MODULES.split())
"""Node's own modules, as in its API reference (https://nodejs.org/api/)."""

_QUIET = """
    Date Intl Atomics BigInt Buffer Uint8Array Uint16Array Uint32Array Int8Array
    Int16Array Int32Array Float32Array Float64Array ArrayBuffer DataView TextEncoder TextDecoder URL
    isNaN isFinite performance atob btoa Headers FormData Blob Event console clearTimeout
    clearInterval clearImmediate AbortSignal
"""
_PLATFORM = """
    fetch Request Response AbortController EventTarget WebSocket MessageChannel FinalizationRegistry ReadableStream
    WritableStream TransformStream WebAssembly
"""
_ERRORS = ("Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "AggregateError")

TYPES_ONLY = ("aws-lambda", "@types/", "aws-sdk-types")
"""Packages that hold TypeScript types and no code; they are imported without ``type`` all the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Environment(JavaScriptNative):
    """``process.env``."""

    label = "process.env"
    ignores_assignments = True

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """The variable of that name."""
        return TextValue(Text((EnvVar(name),)))

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``process.env[name]``; where the name is not known, neither is the variable."""
        if isinstance(key, Const) and key.value is not None:
            return self.attribute(str(key.value), run, place)
        return UnknownValue("an environment variable whose name is computed", place)


def _timer(name: str, arguments_from: int) -> Function:
    """A function that calls its first argument later, with those after ``arguments_from``."""

    def body(site: CallSite, run: Machine) -> Value:
        later = site.argument(0)
        if later is not None and given(later):
            run.call(later, site.positional[arguments_from:], site.place)
        return UnknownValue(f"result of {name}()", site.place)

    return function(name, body)


def _text(name: str, change: Callable[[str], str | bool]) -> Function:
    """A function from text to text, computed where the text is known."""

    def body(site: CallSite, run: Machine) -> Value:
        text = text_of(site.argument(0))
        literal = text.literal
        if literal is not None:
            return Const(change(literal))
        return from_text(Text((part_of(text, site.place),)))

    return function(name, body)


def _encoder(name: str, besides: str = "") -> Function:
    """Text as a part of an address: what is not known stays, since who reads the address decodes it."""

    def one(part: Part) -> Part:
        return Literal(encoded(part.value, besides)) if isinstance(part, Literal) else part

    def body(site: CallSite, run: Machine) -> Value:
        value = site.argument(0) or NOTHING
        return from_text((exactly.text(value, run, site.place) if run.exact else text_of(value)).replace(one))

    return function(name, body)


def _string(site: CallSite, run: Machine) -> Value:
    value = site.argument(0)
    if run.exact and value is not None:
        return exactly.together([exactly.text(value, run, site.place)], run, site.place)
    if isinstance(value, Const) and value.value is None:
        return concatenate((value,))
    text = as_text(value) if value is not None else Text.of("")
    return value if text is None and value is not None else from_text(text or Text.of(""))


class Crypto(Platform):
    """``crypto``: its functions give data and objects that work on data (hashes, ciphers, signatures, keys); callbacks
    get data too (https://nodejs.org/api/crypto.html)."""

    __slots__ = ()

    def missing(self, name: str, place: Place) -> Value:
        """More of the same."""
        return Crypto(f"{self.name}.{name}")

    def call(self, site: CallSite, run: Machine) -> Value:
        """Data; requests may be signed with the function's own keys."""
        run.overseen(self.name, site)
        for value in site.all():
            run.escape(value, site.place)
        return UnknownValue(f"result of {self.name}()", site.place, inert=True)


def _wrapped(site: CallSite, run: Machine) -> Value:
    """``new String(…)``: an object, which equals nothing else."""
    return UnknownValue("an object of a scalar", site.place, inert=True)


def _computed(name: str, work: Work, vague: str) -> Function:
    """A function of known values."""

    def body(site: CallSite, run: Machine) -> Value:
        found = worked_out(work, site, run)
        return UnknownValue(vague, site.place) if found is None else found

    return function(name, body)


def _number(arguments: list[Known]) -> Known:
    return numbers.number_of(arguments[0]) if arguments else 0


def _parse_int(arguments: list[Known]) -> Known:
    return numbers.parse_int(text_of_known(arguments[0] if arguments else UNDEFINED), *arguments[1:2])


def _parse_float(arguments: list[Known]) -> Known:
    return numbers.parse_float(text_of_known(arguments[0] if arguments else UNDEFINED))


def _math(name: str) -> Function:
    return _computed(f"Math.{name}", lambda arguments: numbers.of_math(name, arguments), f"result of Math.{name}()")


def _boolean(site: CallSite, run: Machine) -> Value:
    """``Boolean(value)``: a handler may be given both."""
    if not run.exact:
        return UnknownValue("result of Boolean()", site.place)
    value = site.argument(0) or NOTHING
    found = exact.truth(run, value)
    return Const(found) if found is not None else exact.why_unknown(value) or UnknownValue("a test", site.place)


def _error(site: CallSite, run: Machine) -> Value:
    """An error: what it says, and what it was made of (``cause``)."""
    given_options = site.argument(1)
    cause = given_options.fields.get("cause") if isinstance(given_options, Object) else None
    found = {"message": site.argument(0) or NOTHING} | ({"cause": cause} if cause is not None else {})
    return Object(found, UnknownValue("an error", site.place))


def _aggregate_error(site: CallSite, run: Machine) -> Value:
    errors, message = site.argument(0) or NOTHING, site.argument(1) or NOTHING
    return Object({"errors": errors, "message": message}, UnknownValue("an error", site.place))


def _made_code(site: CallSite, run: Machine) -> Value:
    """``eval``: what it does is not known."""
    dispatch.on_made_code(run, "eval()", site.place)
    return UnknownValue("result of eval()", site.place)


def _weak_reference(site: CallSite, run: Machine) -> Value:
    """``new WeakRef(value)``, whose ``deref`` gives the value."""
    return Object({"deref": function("deref", lambda inner, run: site.argument(0) or NOTHING)})


class Storage(JavaScriptNative):
    """``AsyncLocalStorage``: what runs in it finds what it was given
    (https://nodejs.org/api/async_context.html#class-asynclocalstorage)."""

    __slots__ = ("held",)
    label = "AsyncLocalStorage"

    def __init__(self) -> None:
        self.held: list[Value] = []

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``run``, ``enterWith`` and ``getStore``."""
        if name in ("run", "enterWith"):
            return method(self, name, self._run)
        if name == "getStore":
            return method(self, name, self._get)
        return None

    def _run(self, site: CallSite, run: Machine) -> Value:
        held, work = site.argument(0) or NOTHING, site.argument(1)
        if not any(value is held for value in self.held):
            self.held.append(held)
        return run.call(work, site.positional[2:], site.place) if work is not None and given(work) else NOTHING

    def _get(self, site: CallSite, run: Machine) -> Value:
        return join(*self.held) if self.held else UnknownValue("a store", site.place)


def _joined(site: CallSite, run: Machine) -> Value:
    """``path.join``: normalised where it is known whole."""
    texts = [text_of(value) for value in site.positional]
    literals = [text.literal for text in texts]
    known = [literal for literal in literals if literal is not None]
    if site.complete and len(known) == len(literals):
        return Const(posixpath.normpath("/".join(part for part in known if part) or "."))
    pieces: list[Text | str] = []
    for text in texts:
        if pieces:
            pieces.append("/")
        pieces.append(text)
    return from_text(Text.of(*pieces))


def _resolved(site: CallSite, run: Machine) -> Value:
    """``path.resolve``: from the last absolute part on, else from where Lambda runs the code."""
    parts = list(site.positional)
    starts = [place for place, one in enumerate(parts) if (_literal_start(one) or "").startswith("/")]
    folder = run.sources.root if run.exact else TASK_ROOT
    known = parts[starts[-1] :] if starts else [Const(folder), *parts]
    if not run.exact and not starts and parts and _literal_start(parts[0]) is None:
        known = parts
    return _joined(CallSite(tuple(known), {}, site.place, site.complete), run)


def _literal_start(value: Value) -> str | None:
    """What a text begins with, as far as that is known."""
    parts = text_of(value).parts
    return parts[0].value if parts and isinstance(parts[0], Literal) else None


def _relative(site: CallSite, run: Machine) -> Value:
    """``path.relative(from, to)``."""
    start, end = (_resolved(replace(site, positional=site.positional[at : at + 1]), run) for at in (0, 1))
    if not isinstance(start, Const) or not isinstance(end, Const):
        return exact.why_unknown(start) or exact.why_unknown(end) or UnknownValue("a relative path", site.place)
    found = posixpath.relpath(str(end.value), str(start.value))
    return Const("" if found == "." else found)


def _base_name(site: CallSite, run: Machine) -> Value:
    literal, ending = text_of(site.argument(0)).literal, site.argument(1)
    if literal is None:
        return from_text(Text((part_of(text_of(site.argument(0)), site.place),)))
    name = posixpath.basename(literal)
    return Const(name.removesuffix(str(ending.value)) if isinstance(ending, Const) and ending.value else name)


def _format(site: CallSite, run: Machine) -> Value:
    """``util.format('%s …', a)``."""
    template = site.argument(0)
    if not (isinstance(template, Const) and isinstance(template.value, str)):
        return UnknownValue("a formatted text", site.place)
    values = list(site.positional[1:])
    parts: list[Text | str] = []
    rest = template.value
    while "%" in rest:
        before, _, rest = rest.partition("%")
        parts.append(before)
        code, rest = rest[:1], rest[1:]
        if code == "s" and values:
            parts.append(text_of(values.pop(0)))
        elif code == "%":
            parts.append("%")
        elif code in "difjoOc" and code and values:
            value = values.pop(0)
            parts.append(text_of(value) if isinstance(value, Const) else Text.unknown("a formatted value", site.place))
        else:
            parts.append("%" + code)
    return from_text(Text.of(*parts, rest))


def _inherits(site: CallSite, run: Machine) -> Value:
    """``util.inherits(C, Base)``: the base's methods are C's."""
    cls, base = site.argument(0), site.argument(1)
    if isinstance(cls, FunctionValue) and isinstance(base, FunctionValue):
        own, others = run.attribute(cls, "prototype", site.place), run.attribute(base, "prototype", site.place)
        if isinstance(own, Object) and isinstance(others, Object):
            for name, value in others.fields.items():
                own.fields.setdefault(name, value)
    return NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class Symbol(JavaScriptNative):
    """A symbol: by the name that it is registered under, else by where it was made."""

    label = "a symbol"
    identity: Hashable

    def as_key(self) -> str | None:
        """A name that no text can be."""
        return f"@@{self.identity}"


_UNFOLLOWED_SYMBOLS = frozenset(
    {"isConcatSpreadable", "match", "matchAll", "replace", "search", "species", "split", "unscopables"}
)
"""What they change is not followed (https://tc39.es/ecma262/#sec-well-known-symbols)."""
_OWN_SYMBOLS = frozenset({"iterator", "asyncIterator", "dispose", "asyncDispose", "toPrimitive", "hasInstance"})


class SymbolClass(JavaScriptNative):
    """``Symbol``."""

    __slots__ = ()
    label = "Symbol"

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``for`` registers a name; the others are the language's own symbols."""
        if name == "for":
            return function("Symbol.for", lambda site, run: Symbol(f"for {text_of(site.argument(0))}"))
        if name in _OWN_SYMBOLS:
            return Symbol(name)
        if name in _UNFOLLOWED_SYMBOLS:
            trail.unsettle(run, f"uses Symbol.{name}", place)
            return Symbol(name)
        return Quiet(f"Symbol.{name}")

    def call(self, site: CallSite, run: Machine) -> Value:
        """A symbol of its own."""
        return Symbol(site.place)


@dataclass(frozen=True, slots=True, eq=False)
class Global(JavaScriptNative):
    """``globalThis``: its members are the global names."""

    label = "globalThis"

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A global name."""
        return run.heap.globals.variables.get(name) or run.position.language.builtin(name)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """Every file sees what is assigned."""
        execute.set_variable(run, run.heap.globals, name, value)


def tables() -> dict[str, Value]:
    """The global names of this file."""
    process = Platform(
        "process",
        {
            "env": Environment(),
            "mainModule": main_module("process.mainModule"),
            "nextTick": _timer("process.nextTick", 1),
            "argv": UnknownValue("process.argv"),
            "stdout": Quiet("process.stdout"),
            "stderr": Quiet("process.stderr"),
            "cwd": function("process.cwd", lambda site, run: Const(TASK_ROOT)),
            "hrtime": Quiet("process.hrtime"),
        },
    )
    streamed = Quiet(
        "awslambda",
        # AWS's runtime calls the function that it is given as the handler.
        {"streamifyResponse": identity("streamifyResponse"), "HttpResponseStream": Quiet("HttpResponseStream")},
    )
    parse_int = _computed("parseInt", _parse_int, "a number")
    parse_float = _computed("parseFloat", _parse_float, "a number")
    return {
        "process": process,
        "globalThis": Global(),
        "global": Global(),
        "undefined": NOTHING,
        "NaN": UnknownValue("NaN"),
        "Infinity": UnknownValue("Infinity"),
        "__dirname": UnknownValue("__dirname"),
        "__filename": UnknownValue("__filename"),
        "awslambda": streamed,
        "setTimeout": _timer("setTimeout", 2),
        "setInterval": _timer("setInterval", 2),
        "setImmediate": _timer("setImmediate", 1),
        "queueMicrotask": _timer("queueMicrotask", 1),
        "String": function(
            "String", _string, _wrapped, raw=Quiet("String.raw"), fromCharCode=Quiet("String.fromCharCode")
        ),
        "Number": function(
            "Number",
            _computed("Number", _number, "a number").body,
            _wrapped,
            parseInt=parse_int,
            parseFloat=parse_float,
            isInteger=Quiet("isInteger"),
        ),
        "Boolean": function("Boolean", _boolean, _wrapped),
        "parseInt": parse_int,
        "parseFloat": parse_float,
        "Math": Quiet("Math", {name: _math(name) for name in numbers.MATH}),
        "RegExp": patterns(),
        "encodeURIComponent": _encoder("encodeURIComponent"),
        "encodeURI": _encoder("encodeURI", ";/?:@&=+$,#"),
        "decodeURIComponent": _text("decodeURIComponent", unquote),
        "decodeURI": _text("decodeURI", unquote),
        "Function": Platform("Function", {"prototype": function_prototype()}),
        "WeakRef": function("WeakRef", _weak_reference),
        "Proxy": function("Proxy", proxy, revocable=function("Proxy.revocable", revocable)),
        "eval": function("eval", _made_code),
        "Reflect": reflect(),
        "crypto": Crypto("crypto"),
        "Symbol": SymbolClass(),
        **{name: function(name, _error) for name in _ERRORS},
        "AggregateError": function("AggregateError", _aggregate_error),
        **{name: Quiet(name) for name in _QUIET.split()},
        **{name: Platform(name) for name in _PLATFORM.split()},
    }


def module(name: str) -> Value | None:
    """A module of Node by its specifier (with or without ``node:``), or None."""
    bare = name.removeprefix("node:")
    if any(bare == one or (one.endswith("/") and bare.startswith(one)) for one in TYPES_ONLY):
        return Quiet(bare)
    if (files := paths.modules().get(bare)) is not None:
        return files
    if bare not in MODULES and not name.startswith("node:"):
        return None
    if bare in ("util", "sys"):
        util = {
            "promisify": function("util.promisify", promisify),
            "callbackify": function("util.callbackify", callbackify),
            "format": function("util.format", _format),
            "inherits": function("util.inherits", _inherits),
            "inspect": Quiet("util.inspect"),
            "types": Quiet("util.types"),
            "deprecate": identity("util.deprecate"),
        }
        return Platform("util", util)
    if bare in ("path", "path/posix"):
        path: dict[str, Value] = {
            "join": function("path.join", _joined),
            "resolve": function("path.resolve", _resolved),
            "normalize": function("path.normalize", _joined),
            "basename": function("path.basename", _base_name),
            "dirname": _text("path.dirname", posixpath.dirname),
            "relative": function("path.relative", _relative),
            "isAbsolute": _text("path.isAbsolute", lambda path: path.startswith("/")),
            "extname": _text("path.extname", lambda path: posixpath.splitext(path)[1]),
            "sep": Const("/"),
        }
        path["posix"] = Quiet("path", dict(path))
        return Quiet("path", path)
    if bare == "events":
        return EmitterClass()
    if bare in ("process", "console"):
        return tables()[bare]
    if bare == "async_hooks":
        return Platform(bare, {"AsyncLocalStorage": function("AsyncLocalStorage", lambda site, run: Storage())})
    if bare == "timers/promises":
        later = function("setTimeout", lambda site, run: site.argument(1) or NOTHING)
        return Platform(bare, {"setTimeout": later, "setImmediate": identity("setImmediate")})
    if bare == "timers":
        return Platform("timers", {name: value for name, value in tables().items() if name.startswith("set")})
    if bare == "crypto":
        return Crypto(bare)
    if bare in ("os", "url", "querystring", "buffer", "string_decoder", "punycode"):
        return Quiet(bare)
    return Platform(bare)
