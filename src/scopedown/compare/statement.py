"""One thing that a function needs, and one statement that its role has: what the rules hold beside each other.

Policy templates of SAM's are one item of a function's ``Policies``, which no splice can narrow. A statement that IAM
refuses is reported once, and nothing else of it is judged.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from scopedown.compare.arn_normalization import texts
from scopedown.compare.grant_prefilter import Beginnings, beginning, given
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.iam.coverage import Grant
from scopedown.iam.errors import PolicyError
from scopedown.iam.parse import parse_policy
from scopedown.permissions.model import RequiredPermission
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import DeclaredStatement
from scopedown.scan import FunctionScan


@dataclass(frozen=True, slots=True)
class Need:
    """An action on one resource that a function needs; ``forms`` are the ways to say the resource."""

    function: FunctionScan
    permission: RequiredPermission
    arn: Text
    forms: tuple[Text, ...]
    known: bool
    """Whether the resource is known: its ARN has no open part for want of knowledge."""
    in_part: bool = False
    """Whether a part of the resource's name is known, and another is not: the code determines a pattern."""
    heads: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """With what each form begins."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "heads", tuple(map(beginning, self.forms)))

    @property
    def only(self) -> RequiredPermission:
        """The permission on this resource alone."""
        return replace(
            self.permission,
            resources=tuple(resource for resource in self.permission.resources if resource.arn == self.arn),
        )


@dataclass(frozen=True)
class Declared:
    """A statement of the role, as grants: one for the statement, none where it cannot be told what it allows."""

    statement: DeclaredStatement
    actions: tuple[str, ...]
    resources: tuple[tuple[object, tuple[Text, ...]], ...]
    """Each resource as written, with its forms."""
    grant: Grant | None
    refusal: PolicyError | None = None
    """Why IAM refuses it, if it does."""
    kept: str | None = None
    """Why it is not judged, whatever the functions need (:func:`~.doubt.why_kept`); None where nobody asked."""

    @property
    def written(self) -> Mapping[str, object]:
        """The statement itself."""
        return self.statement.statement

    @property
    def on(self) -> str:
        """Its resources as the project writes them."""
        return ", ".join(shown(item) for item, _ in self.resources)

    @property
    def services(self) -> str:
        """The services of its actions: they stay where one of the actions goes."""
        return " ".join(sorted({action.partition(":")[0].lower() for action in self.actions}))

    @property
    def said(self) -> str:
        """Its actions and resources: what tells it from the role's other statements wherever it stands."""
        return f"{' '.join(self.actions)} on {self.on}"

    @property
    def own(self) -> bool:
        """Whether it is the project's own, and allows."""
        return self.statement.added_by == "project" and self.written.get("Effect") == "Allow"

    def near(self, need: Need) -> Iterator[tuple[object, tuple[Text, ...]]]:
        """Its resources that may be what a need is on: of what is not known of a need, any may be."""
        return (self.resources[number] for number in sorted(self.numbers_near(need)))

    def numbers_near(self, need: Need) -> Collection[int]:
        """The places of those resources among all."""
        if not need.known or any(map(given, need.forms)):
            return range(len(self.resources))
        by_beginning, inputs = self._by_beginning
        return by_beginning.numbers(need.heads) | inputs

    @cached_property
    def _by_beginning(self) -> tuple[Beginnings[None], frozenset[int]]:
        """Its resources by how they begin, and those that hold what the deployment is given."""
        by_beginning = Beginnings((map(beginning, forms), None) for _, forms in self.resources)
        return by_beginning, frozenset(
            number for number, (_, forms) in enumerate(self.resources) if any(map(given, forms))
        )

    @cached_property
    def canonical(self) -> str:
        """The statement whatever its Sid and the order of its lists."""
        found = {}
        for key, value in self.written.items():
            if key != "Sid":
                items = value if isinstance(value, list | tuple) else [value]
                listed = key in ("Action", "Resource")
                found[key] = sorted(_said(item) for item in items) if listed else _said(value)
        return json.dumps(found, sort_keys=True)

    @property
    def judged(self) -> bool:
        """Whether it is a plain Allow of the project's own of which all is known, and one that IAM takes."""
        return self.is_plain and self.grant is not None

    @property
    def is_plain(self) -> bool:
        """Whether it is a plain Allow of the project's own whose actions are known, and one that IAM takes; what its
        resources are need not be known."""
        listed = self.written.get("Action")
        known = len(self.actions) == (len(listed) if isinstance(listed, list | tuple) else 1)
        own = self.own and known and self.refusal is None and not self.statement.chosen
        return own and set(self.written) <= {"Sid", "Effect", "Action", "Resource"}

    def is_rest_of(self, whole: Declared) -> bool:
        """Whether it is another statement without some of its actions, on resources that need not be known."""
        if not (self.is_plain and whole.is_plain) or len(self.resources) != len(whole.resources):
            return False
        pairs = zip(self.resources, whole.resources, strict=True)
        same = all(to_text(one, Scope()) == to_text(other, Scope()) for (one, _), (other, _) in pairs)  # type: ignore[arg-type]
        return same and {*self.actions} <= {*whole.actions}


def shown(resource: object) -> str:
    """A resource of a statement as the project writes it."""
    return str(to_text(resource, Scope()))  # type: ignore[arg-type]


def _said(value: object) -> str:
    if isinstance(value, str | Mapping | Text):
        text = to_text(value, Scope())
        if not text.unknowns:
            return str(text)
    return json.dumps(value, sort_keys=True, default=str)


_TEMPLATE = re.compile(r"""(-\s+)?['"]?\w+Policy['"]?\s*:""")
"""How a policy template stands in a list of Policies."""


def is_template(lines: Sequence[str], place: Place) -> bool:
    """Whether a policy template stands at a place of a file of these lines."""
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    return _TEMPLATE.match(line[place.column - 1 :]) is not None


def has_wildcard(lines: Sequence[str], place: Place) -> bool:
    """Whether a wildcard is written in the item that stands at a place."""
    first, *rest = lines[place.line - 1 :]
    item = (first, *itertools.takewhile(lambda line: _indent(line) > place.column - 1, rest))
    return any("*" in line.split("#")[0] for line in item)


def _indent(line: str) -> int:
    """The indentation; that of an empty line is beyond any."""
    return len(line) - len(line.lstrip()) if line.strip() else 1_000


def refusal(written: Mapping[str, object]) -> PolicyError | None:
    """Why IAM refuses a statement of an identity-based policy; None where it does not, or where a deployment tells."""
    settled = _settled(written)
    if settled is None:
        return None
    try:
        parse_policy({"Version": "2012-10-17", "Statement": settled})
    except PolicyError as error:
        return error
    return None


def _settled(written: Mapping[str, object]) -> dict[str, object] | None:
    """A statement as plain text, with a text that IAM takes in place of each value that only a deployment has; None
    where whole elements are open."""
    found: dict[str, object] = {}
    for element, value in written.items():
        if element in ("Action", "NotAction", "Resource", "NotResource"):
            stands_for = "*" if element.endswith("Resource") else "s3:GetObject"
            items = [item if isinstance(item, str) else stands_for for item in texts(value)]  # type: ignore[arg-type]
            found[element] = items if isinstance(value, list | tuple) else (items[0] if items else [])
        elif element == "Condition":
            if (condition := _condition(value)) is None:
                return None
            found[element] = condition
        elif element in ("Effect", "Sid"):
            if not isinstance(value, str):
                return None
            found[element] = value
        else:
            found[element] = "*"
    return found


def _condition(value: object) -> dict[str, object] | None:
    found: dict[str, object] = {}
    for operator, keys in value.items() if isinstance(value, Mapping) else ():
        if operator.startswith("Fn::") or not isinstance(keys, Mapping):
            return None
        if any(key.startswith("Fn::") or not _is_plain(item) for key, item in keys.items()):
            return None
        found[operator] = dict(keys)
    return found


def _is_plain(value: object) -> bool:
    return isinstance(value, str | bool | int) or (
        isinstance(value, list | tuple) and all(isinstance(item, str | bool | int) for item in value)
    )
