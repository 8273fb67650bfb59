"""Classes and interfaces of an SDK's service packages that no model knows: what their methods send is not known.

``S3Objects``, ``S3Link``, ``SqsAsyncBatchManager``: a call of one of their methods is reported, and the function is not
seen whole. What holds data is known by its name, and so are methods that only read or make an object.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import find_operation
from scopedown.calls.sdks.unknown_names import note_operation
from scopedown.calls.values import CallSite, Const, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.java.natives import Function, JavaClass, Library, computed, hand_over

_DATA: Final = re.compile(
    r"(?:Exception|Config|Configuration|Utilities|Util|Utils|Uri|URI|Options|Type|Strategy|Behavior|Model|Expression"
    r"|Marshaller|Unmarshaller|Converter|Converted\w*|Encoder|Decoder|Policy|Constants|Notification|Event|Events|Record"
    r"|Metadata|Metric|Metrics|Endpoint|Provider|Interceptor|Version|Builder|Key|Result|Response|Request|Input|Output"
    r"|Listener|Handler|List|Page|Iterable|Iterator|Publisher|Item|Index|Tag|Fields|Chain|Factory|Filter)$"
)
"""The ends of names of what holds or converts data, or makes and changes requests."""
_TABLE_UTILITIES: Final = "TableUtils"
"""A class of static methods that send requests in spite of its name
(https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/com/amazonaws/services/dynamodbv2/util/TableUtils.html)."""
_MAKING: Final = re.compile(r"(?:with|builder|build|create|standard|default|new|of|from|add|set)(?![a-z])")
"""How the names of methods begin that make an object, or change it and give it back."""
_READING: Final = re.compile(
    r"(?:get|is|has|to|as|equals|hash|close|shutdown|size|parse|value|values|name|apply|accept|convert|unconvert)(?![a-z])"
)
"""How the names of methods begin that give data."""


def unmodelled(name: str, service: str) -> Value:
    """A class of a service's packages by its full name."""
    kind = name.rpartition(".")[2]
    is_data = _DATA.search(kind) is not None and kind != _TABLE_UTILITIES
    return Library(name) if is_data else UnmodelledClass(name, service=service)


@dataclass(frozen=True, slots=True, eq=False)
class UnmodelledClass(JavaClass):
    """The class: its static methods, and its objects."""

    service: str = ""

    names_a_client = True

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A static member."""
        return Const(name) if name.isupper() else self._object().attribute(name, run, place)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """An object."""
        for value in site.all():
            hand_over(run, value, site.place)
        return self._object()

    def _object(self) -> Unmodelled:
        return Unmodelled(self.name.rpartition(".")[2], self.service)


@dataclass(frozen=True, slots=True, eq=False)
class Unmodelled(Native):
    """An object of such a class."""

    label = "an object of {self.name}"
    client_of = "{self.service}"
    name: str
    service: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method."""
        if find_operation(run, self.service, name) is None:
            if _MAKING.match(name):
                return Function(name, self._making, self)
            if _READING.match(name):
                return computed(name)
        return Function(name, self._unknown(name), self)

    def known_member(self, name: str, run: Machine, place: Place) -> Value | None:
        """A method that a derived class calls by its name alone may be anybody's."""
        found = self.attribute(name, run, place)
        return found if name[:1].islower() and not (isinstance(found, Native) and found.is_guess) else None

    def _making(self, site: CallSite, run: Machine) -> Value:
        for value in site.all():
            hand_over(run, value, site.place)
        return self

    def _unknown(self, name: str) -> Callable[[CallSite, Machine], Value]:
        def body(site: CallSite, run: Machine) -> Value:
            note_operation(run, self.service, f"{self.name}.{name}", site)
            for value in site.all():
                hand_over(run, value, site.place)
            return UnknownValue(f"result of {self.name}.{name}()", site.place)

        return body
