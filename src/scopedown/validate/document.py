"""One document and its statements, as the checks look at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from scopedown.core.place import Place
from scopedown.iam.document import Kind
from scopedown.iam.operators import OPERATORS
from scopedown.validate.facts import Facts
from scopedown.validate.values import Found, Member, Value, is_known

IAM_KINDS = (Kind.IDENTITY, Kind.BOUNDARY, Kind.SESSION)
_FOLDED = {name.lower(): name for name in OPERATORS}
_QUALIFIERS = {"forallvalues": "ForAllValues", "foranyvalue": "ForAnyValue"}


@dataclass(frozen=True, eq=False)
class PolicyDocument:
    """A document: what it is attached to, its values, and how many characters it has without white space.

    ``name`` is what it is in its file (``Role.Policies[0].PolicyDocument``), empty for a whole file. ``broken`` is why
    it is not JSON or YAML, with the place; it then has no ``root``.
    """

    kind: Kind
    root: Value | None
    place: Place
    facts: Facts
    name: str = ""
    resource_type: str = ""
    size: int = 0
    length: int = 0
    """Characters of the text, white space included; 0 where it is part of another text."""
    broken: str = ""
    fragment: bool = False
    """Whether it is a list of statements that a tool puts into a document."""

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Those of its statements that are objects."""
        node = self.root.get("Statement") if self.root is not None else None
        items = (node,) if node is not None and node.members is not None else (node.items or () if node else ())
        return tuple(Statement(self, item, number) for number, item in enumerate(items) if item.members is not None)

    @property
    def conditions(self) -> Iterator[Condition]:
        """Those of all statements."""
        return chain.from_iterable(statement.conditions for statement in self.statements)

    @property
    def has_variables(self) -> bool:
        """Whether its version has policy variables."""
        version = self.root.get("Version") if self.root is not None else None
        return self.fragment or (version is not None and version.text == "2012-10-17")

    @property
    def in_iam(self) -> bool:
        """Whether IAM itself keeps it: its rules on Sids and characters hold."""
        return self.kind in (*IAM_KINDS, Kind.TRUST)

    @property
    def words(self) -> str:
        """Its kind, as a message names it."""
        return _WORDS[self.kind]


_WORDS = {
    Kind.IDENTITY: "an identity-based policy",
    Kind.BOUNDARY: "a permissions boundary",
    Kind.SESSION: "a session policy",
    Kind.RESOURCE: "a resource-based policy",
    Kind.TRUST: "a role trust policy",
    Kind.SCP: "a service control policy",
    Kind.RCP: "a resource control policy",
    Kind.VPCE: "a VPC endpoint policy",
}


@dataclass(frozen=True, eq=False)
class Condition:
    """One operator applied to one key, as written; ``base`` is the operator's name, empty where there is none such."""

    statement: Statement
    operator: Member
    member: Member

    @property
    def key(self) -> str:
        """The key as written."""
        return self.member.key

    @property
    def place(self) -> Place:
        """Where the key is written."""
        return self.member.place

    def found(self, message: str, place: Place | None = None) -> Found:
        """What a check finds of the condition: at its key, or at another place of it."""
        return Found(message, place or self.place, self.key)

    @cached_property
    def type(self) -> str:
        """The type that AWS lists for the key (``ArrayOfString``); empty where it lists no such key."""
        return self.statement.facts.key_type(self.lower) or ""

    @cached_property
    def lower(self) -> str:
        """The key as it is compared."""
        return self.key.lower()

    @cached_property
    def qualifier(self) -> str:
        """``ForAllValues``, ``ForAnyValue`` or nothing."""
        return _QUALIFIERS.get(self.operator.key.rpartition(":")[0].lower(), "")

    @cached_property
    def if_exists(self) -> bool:
        """Whether the operator ends in IfExists."""
        return self.operator.key.lower().endswith("ifexists")

    @cached_property
    def base(self) -> str:
        """The operator without qualifier and IfExists; empty where AWS has none such."""
        before, _, name = self.operator.key.rpartition(":")
        if before and before.lower() not in _QUALIFIERS:
            return ""
        return _FOLDED.get(name.lower().removesuffix("ifexists"), "")

    @property
    def family(self) -> str:
        """String, Numeric, Date, Bool, Binary, IpAddress, Arn or Null; empty where the operator is unknown."""
        return OPERATORS[self.base].family if self.base else ""

    @property
    def negated(self) -> bool:
        """Whether the operator holds for all values but those written."""
        return bool(self.base) and OPERATORS[self.base].negated

    @property
    def is_like(self) -> bool:
        """Whether ``*`` and ``?`` are wildcards in its values."""
        return bool(self.base) and OPERATORS[self.base].wildcards

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The values that are scalars and known before the deployment."""
        return tuple(
            one
            for one in self.member.value.listed
            if one.members is None and one.items is None and one.scalar is not None and is_known(one.shown)
        )

    @property
    def literals(self) -> tuple[Value, ...]:
        """Its known values that have no policy variable."""
        return tuple(value for value in self.values if "${" not in value.shown)

    @property
    def texts(self) -> tuple[str, ...]:
        """Its known values as IAM compares them."""
        return tuple(value.shown for value in self.values)

    @property
    def all_known(self) -> bool:
        """Whether every value is a known scalar, and there is one."""
        return bool(self.values) and len(self.values) == len(self.member.value.listed)


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement; whatever in it is of a wrong type is left out here, and reported by the check that is about it."""

    document: PolicyDocument
    value: Value
    number: int
    _lists: dict[str, tuple[Value, ...]] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.value.place

    @property
    def facts(self) -> Facts:
        """What is known of AWS."""
        return self.document.facts

    def found(self, message: str) -> Found:
        """What a check finds of the statement as a whole."""
        return Found(message, self.place, str(self.number))

    def get(self, element: str) -> Value | None:
        """An element, exactly as it is spelt; the first of several."""
        return self.value.get(element)

    def members(self, *elements: str) -> tuple[Member, ...]:
        """Every member that is one of some elements, in the order of the statement."""
        return tuple(member for member in self.value.members or () if member.key in elements)

    def elements(self, *names: str) -> Iterator[Member]:
        """The first member of each name."""
        return (member for name in names for member in self.members(name)[:1])

    def has(self, *elements: str) -> bool:
        """Whether it has one of some elements."""
        return any(self.value.get(element) is not None for element in elements)

    @property
    def effect(self) -> str:
        """Its effect, where that is text."""
        node = self.get("Effect")
        return (node.text or "") if node is not None else ""

    @property
    def allows(self) -> bool:
        """Whether its effect is Allow."""
        return self.effect == "Allow"

    @property
    def sid(self) -> str:
        """Its Sid, where that is text."""
        node = self.get("Sid")
        return (node.text or "") if node is not None else ""

    def texts(self, element: str) -> tuple[Value, ...]:
        """The texts of an element that is one or a list of them."""
        if element not in self._lists:
            node = self.get(element)
            listed = node.listed if node is not None and node.members is None else ()
            self._lists[element] = tuple(one for one in listed if one.text)
        return self._lists[element]

    @cached_property
    def actions(self) -> tuple[Value, ...]:
        """The entries of Action that are known before the deployment."""
        return tuple(one for one in self.texts("Action") if is_known(one.text or ""))

    @cached_property
    def not_actions(self) -> tuple[Value, ...]:
        """The same of NotAction."""
        return tuple(one for one in self.texts("NotAction") if is_known(one.text or ""))

    @cached_property
    def all_actions(self) -> tuple[Value, ...]:
        """Those of both."""
        return (*self.actions, *self.not_actions)

    @cached_property
    def resources(self) -> tuple[Value, ...]:
        """The entries of Resource and NotResource, entries that are known in part too."""
        return (*self.texts("Resource"), *self.texts("NotResource"))

    @cached_property
    def operators(self) -> tuple[Member, ...]:
        """The members of Condition."""
        node = self.get("Condition")
        return (node.members if node is not None else None) or ()

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Each operator with each of its keys."""
        return tuple(
            Condition(self, operator, member) for operator in self.operators for member in operator.value.members or ()
        )  # fmt: skip

    def condition_on(self, *keys: str) -> tuple[Condition, ...]:
        """The conditions on one of some keys; a key that ends in ``/`` means every key that begins so."""
        lower = [key.lower() for key in keys]
        return tuple(
            one
            for one in self.conditions
            if any(one.lower == key or (key.endswith("/") and one.lower.startswith(key)) for key in lower)
        )

    @cached_property
    def principals(self) -> tuple[tuple[str, Value], ...]:
        """Each principal of Principal and NotPrincipal with its type; ``*`` alone has none."""
        return (*self.principals_of("Principal"), *self.principals_of("NotPrincipal"))

    def principals_of(self, element: str) -> tuple[tuple[str, Value], ...]:
        """The same of one of the two elements."""
        return tuple(self._principals(self.get(element)))

    def _principals(self, node: Value | None) -> Iterator[tuple[str, Value]]:
        if node is None:
            return
        if node.text:
            yield "", node
        for member in node.members or ():
            for one in member.value.listed:
                if one.text:
                    yield member.key, one

    @property
    def everyone(self) -> bool:
        """Whether its Principal is ``*`` or has ``"AWS": "*"``."""
        return any(type in ("", "AWS") and one.text == "*" for type, one in self.principals_of("Principal"))

    @property
    def services_only(self) -> bool:
        """Whether its Principal names services and nothing else."""
        named = self.principals_of("Principal")
        return bool(named) and all(type == "Service" for type, _ in named)
