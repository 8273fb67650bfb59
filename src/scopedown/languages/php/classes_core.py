"""PHP's own classes (https://www.php.net/manual/en/reserved.interfaces.php and the reference of its extensions)."""

from __future__ import annotations

from typing import Final

from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import CallSite, Object, Sequence, Value
from scopedown.core.place import Place
from scopedown.languages.php.computed import Reflection
from scopedown.languages.php.native import Library, callable_of, first_of

_WRITTEN: Final = """
    AppendIterator ArgumentCountError ArithmeticError ArrayAccess ArrayIterator ArrayObject AssertionError Attribute
    BadFunctionCallException BadMethodCallException CURLFile Closure Collator Countable CachingIterator DOMDocument
    DOMElement DOMNode DOMXPath DateInterval DatePeriod DateTime DateTimeImmutable DateTimeInterface DateTimeZone
    DirectoryIterator DivisionByZeroError DomainException Error ErrorException Exception FilesystemIterator Generator
    GlobIterator Imagick ImagickDraw ImagickPixel InfiniteIterator IntlDateFormatter InvalidArgumentException Iterator
    IteratorAggregate IteratorIterator JsonException JsonSerializable LengthException LimitIterator LogicException
    Memcached MessageFormatter MultipleIterator NumberFormatter OutOfBoundsException OutOfRangeException
    OverflowException PDO PDOException PDOStatement Phar PharData RangeException RecursiveArrayIterator
    RecursiveDirectoryIterator RecursiveIteratorIterator Redis RedisCluster ReflectionClass ReflectionException
    ReflectionFunction ReflectionMethod ReflectionNamedType ReflectionObject ReflectionProperty RuntimeException
    SQLite3 Serializable SimpleXMLElement SoapClient SplFileInfo SplFileObject SplFixedArray SplObjectStorage
    SplPriorityQueue SplQueue SplStack SplSubject SplObserver SplTempFileObject Stringable Throwable Transliterator
    Traversable TypeError UnderflowException UnexpectedValueException UnitEnum BackedEnum ValueError WeakMap
    WeakReference XMLReader XMLWriter ZipArchive finfo mysqli NumberFormatter Locale stdClass AllowDynamicProperties
    SensitiveParameter ReturnTypeWillChange Override
"""
_NAMES: Final = frozenset(_WRITTEN.split())


class Closure(Native):
    """``Closure``, whose ``fromCallable`` gives what a callable calls."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A static method."""
        if name in ("fromCallable", "bind"):
            return Function(name, lambda site, run: callable_of(run, first_of(site), site.place) or first_of(site))
        return Library(f"Closure::{name}")


class Record(Native):
    """``stdClass`` and ``ArrayObject``: their objects are maps."""

    __slots__ = ("name",)
    label = "{self.name}"

    def __init__(self, name: str) -> None:
        self.name = name

    def construct(self, site: CallSite, run: Machine) -> Value:
        """An empty one, or one of an array."""
        given = first_of(site)
        return given if isinstance(given, Object | Sequence) else Object(born=run.position.conditional)


def standard(name: str) -> Value | None:
    """A class of PHP's own; None for any other name."""
    if name == "Closure":
        return Closure()
    if name in ("stdClass", "ArrayObject", "ArrayIterator"):
        return Record(name)
    if name in ("ReflectionClass", "ReflectionObject"):
        return Reflection()
    return Library(name) if name in _NAMES else None
