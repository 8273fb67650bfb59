"""Types of C# that no file of the project declares although they can be nothing else's.

In: a name that leads nowhere, and the file that writes it. Out: whether the file that declares it is missing. A name
may be of any namespace that the file opens
(https://learn.microsoft.com/dotnet/csharp/language-reference/keywords/using-directive). It is the project's own where
all of them are known and none has it: by ``types.tsv``, of an SDK by how its types are called. A namespace of any other
package may have the name, and so may a base that is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.calls.interpreter.missing_modules import name_missed
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import ClassValue, Frame, Instance, Value
from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.languages.csharp import files, sdk, standard
from scopedown.languages.csharp.lower import IMPLICIT
from scopedown.source import ir
from scopedown.source.resolve.units import Unit

_INTERFACE: Final = re.compile(r"I[A-Z][a-z]")
_PARAMETER: Final = re.compile(r"T(?:[A-Z]\w*)?|[A-Z]\d?")
"""How type parameters are called."""
_OF_SDK: Final = re.compile(r"Amazon\.(?:Runtime|Util)(?:\.|\Z)")
_WORKS: Final = (
    "Service|Repository|Helper|Helpers|Manager|Processor|Uploader|Publisher|Sender|Notifier|Facade|Controller"
)
_WORKING: Final = re.compile(rf"\w+(?:{_WORKS})")
_MODEL: Final = re.compile(rf"I(?!Amazon)[A-Z][a-z]\w*|\w+(?:{_WORKS})")
"""Names that the AWS SDK for .NET gives to nothing that a service gets or gives: interfaces, and what does work
(https://docs.aws.amazon.com/sdkfornet/v3/apidocs/)."""
_SERVICE: Final = re.compile(
    rf"{_MODEL.pattern}|(?!Amazon)\w*(?:Adapter|Builder|Client|Command|Dispatcher|Extensions|Factory|Gateway|Handler|Mapper"
    r"|Query|Startup|Store|UseCase|Validator|Worker)"
)
"""The same of a service's namespace itself, which has its client and the names of choices."""


def look(run: Machine, frame: Frame, name: str, place: Place) -> None:
    """Report a type whose file is missing."""
    module, unit = run.sources.load(frame.file), run.sources.unit(frame.file)
    if module is None or unit is None or _PARAMETER.fullmatch(name) or _is_inherited(frame):
        return
    key = ("csharp type", frame.file, name)
    if run.sources.once(key, lambda: unit.is_whole and _is_missing(module, unit, name)):
        name_missed(run, name, place)


def _is_missing(module: ir.Module, unit: Unit, name: str) -> bool:
    if not unit.declared.keys().isdisjoint(_written(name)) or not _listed().isdisjoint(_written(name)):
        return False
    own = (module.package, *module.packages, *unit.packages)
    if any(one == name or one.startswith(name + ".") for one in (*own, *module.opened, *_types())):
        return False
    if _is_namespace(unit.text(module.file), unit, name):
        return False
    made = _is_made(unit.text(module.file), name)
    others = (one for one in module.opened if not unit.is_own(one, "."))
    return not any(_may_have(namespace, name, unit, made) for namespace in others)


def _is_namespace(text: bytes, unit: Unit, name: str) -> bool:
    """Whether a name may be the first part of a namespace: of a package that the project names, or as it is written."""
    word = name.encode("utf-8", "replace")
    if files.mentions(unit, b'"%s.' % word, b'"%s"' % word):
        return True
    return re.search(rb"\b%s\.[A-Z]\w*\.[A-Z]" % re.escape(word), text) is not None


def _is_made(text: bytes, name: str) -> bool:
    """Whether a file makes objects of a type, has a container make them or calls its methods. A choice of an SDK is at
    most made of a text."""
    word = re.escape(name.encode("utf-8", "replace"))
    ways = rb"\bnew\s+%s\s*(?:\(\s*(?!\")|\{)|Add\w+<(?:[\w.]+,\s*)?%s>|\b%s\.(?!FindValue\b)[A-Z]\w*\("
    return re.search(ways % (word, word, word), text) is not None


def _written(name: str) -> tuple[str, str]:
    """What a name may be short for: attributes are written without their last word."""
    return name, f"{name}Attribute"


def _may_have(namespace: str, name: str, unit: Unit, made: bool) -> bool:
    """Whether a namespace of others may have a type; ``made``: which the file uses as a class."""
    if namespace in _types():
        return False  # by then it is known that no namespace has it
    if _OF_SDK.match(namespace):
        return _WORKING.fullmatch(name) is None
    if namespace in sdk.namespaces():
        is_model = namespace.endswith(".Model")
        return (is_model or not made) and (_MODEL if is_model else _SERVICE).fullmatch(name) is None
    if namespace in IMPLICIT:
        return files.mentions(unit, b"AspNetCore", b"Microsoft.NET.Sdk.W")
    return True


@cache
def _types() -> Mapping[str, frozenset[str]]:
    rows = read_rows(Path(__file__).with_name("types.tsv"), ("namespace", "types", "source"))
    return {row["namespace"]: frozenset(row["types"].split()) for row in rows}


@cache
def _listed() -> frozenset[str]:
    """The names of all types that are known."""
    return frozenset().union(*_types().values(), standard.names())


def _is_inherited(frame: Frame) -> bool:
    """Whether a name may be a member of a base that is not read."""
    return any(
        not isinstance(one, ClassValue) and not _is_interface(one) for cls in _around(frame) for one in cls.ancestry()
    )


def _around(frame: Frame) -> Iterator[ClassValue]:
    """The classes around code."""
    scope: Frame | None = frame
    while scope is not None:
        this = scope.this.cls if isinstance(scope.this, Instance) else scope.this
        for cls in (this, scope.owner):
            if isinstance(cls, ClassValue):
                yield cls
        scope = scope.parent


def _is_interface(base: Value) -> bool:
    """Whether a base is an interface, which has no members that code names alone."""
    name = base.describe() if isinstance(base, Native) else getattr(base, "origin", "")
    return _INTERFACE.match(name.rpartition(".")[2]) is not None
