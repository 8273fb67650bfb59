"""Policies of a project as documents that can be compared: what is known only at the deployment becomes a token.

The same expression is the same token, so two states of a project agree on it; a token is a name like no other. Region,
account and partition are those that the project deploys to, and where nobody says, the same in both states.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scopedown.compare.access.model import Unread
from scopedown.compare.arn_normalization import ACCOUNT, Comparable, texts
from scopedown.core.text import AnyText, Att, Literal, Part, Ref, Text, Unknown
from scopedown.iam.document import Kind, Policy
from scopedown.iam.errors import PolicyError
from scopedown.iam.parse import parse_policy
from scopedown.project.intrinsics import is_intrinsic

_UNSAFE = re.compile(r"[^A-Za-z0-9._/@+=,-]+")
_OPEN, _CLOSE = "\u00ab", "\u00bb"
"""Quotation marks around a token: characters that policies may have, and names of resources may not."""


@dataclass(slots=True)
class Rendered:
    """Documents of one project, and what its tokens stand for."""

    comparable: Comparable
    every_form: bool = False
    """Whether an Allow names its resources in every form: what the old role allows may be written in any."""
    shown: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    may_deny: list[str] = field(default_factory=list)
    """Those of ``unknown`` that may be a Deny."""

    def policy(self, written: Mapping[str, Any], kind: Kind, name: str) -> Policy | None:
        """One statement as a document; None where a part of it is not known, which is noted."""
        try:
            statement = self._statement(written)
            return parse_policy({"Version": "2012-10-17", "Statement": statement}, kind, name=name)
        except (PolicyError, _NotKnown) as error:
            why = f"{error} ({name})" if name else str(error)
            self.unknown.append(Unread.of(why, f"{error} {self.written(written)}"))
            if written.get("Effect") != "Allow":
                self.may_deny.append(self.unknown[-1])
            return None

    def _statement(self, written: Mapping[str, Any]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value in written.items():
            if is_intrinsic(value) and key in ("Condition", "Principal", "NotPrincipal"):
                raise _NotKnown(f"{key} is decided at the deployment")
            match key:
                case "Sid":
                    continue
                case "Effect":
                    out[key] = self._literal(value, key)
                case "Action" | "NotAction":
                    out[key] = [self._literal(one, key) for one in texts(value)]
                case "Resource" if self.every_form and written.get("Effect") == "Allow":
                    out[key] = [form for one in texts(value) for form in self.forms(one)]
                case "Resource" | "NotResource":
                    out[key] = [self.resource(one) for one in texts(value)]
                case "Condition":
                    out[key] = self._conditions(value)
                case "Principal" | "NotPrincipal":
                    out[key] = self._principals(value)
                case _:
                    raise _NotKnown("a statement is decided at the deployment")
        return out

    def _literal(self, value: Any, what: str) -> str:
        found = self.comparable.canonical(value).literal
        if found is None:
            raise _NotKnown(f"{what} is decided at the deployment")
        return found

    def resource(self, value: Any) -> str:
        """A resource in its one form."""
        return self.form(self.comparable.canonical(value))

    def forms(self, value: Any) -> list[str]:
        """A resource in all its forms."""
        canonical = self.comparable.canonical(value)
        return list(dict.fromkeys(map(self.form, (canonical, *self.comparable.declares(value)))))

    def form(self, text: Text) -> str:
        """A form of a resource; one that begins with what is not known becomes an ARN of no service."""
        rendered = self.text(text)
        begins_open = bool(text.parts) and not isinstance(text.parts[0], Literal | AnyText)
        return f"arn:aws:unknown:::{rendered}" if begins_open else rendered

    def _conditions(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise _NotKnown("Condition is decided at the deployment")
        out: dict[str, Any] = {}
        for operator, keys in value.items():
            if not isinstance(keys, Mapping) or is_intrinsic(keys):
                raise _NotKnown("Condition is decided at the deployment")
            out[operator] = {
                key: [
                    one if isinstance(one, bool | int | float) else self.text(self.comparable.canonical(one))
                    for one in texts(values)
                ]
                for key, values in keys.items()
            }
        return out

    def _principals(self, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return self.text(self.comparable.canonical(value))
        out: dict[str, list[str]] = {}
        for kind, values in value.items():
            for one in texts(values):
                text = self.comparable.canonical(one)
                out.setdefault(kind, []).append(self._principal(text) if kind == "AWS" else self.text(text))
        return out

    def _principal(self, text: Text) -> str:
        """A principal of AWS; one that is not known is a role of the account's with its token for a name."""
        rendered = self.text(text)
        if _OPEN not in rendered or rendered.startswith("arn:"):
            return rendered
        account = self.comparable.project.account or ACCOUNT
        return f"arn:aws:iam::{account}:role/{rendered}"

    def written(self, value: Any) -> str:
        """A value as it is written, by what it comes to: the same for the same value, wherever it is."""
        if isinstance(value, Mapping) and not is_intrinsic(value):
            return "{" + ", ".join(f"{key}: {self.written(one)}" for key, one in sorted(value.items(), key=str)) + "}"
        if isinstance(value, list | tuple):
            return "[" + ", ".join(map(self.written, value)) + "]"
        if value is None or isinstance(value, bool | int | float):
            return str(value)
        return self.text(self.comparable.canonical(value))

    def text(self, text: Text) -> str:
        """A text with tokens for what is not known."""
        return "".join(self._part(part) for part in text.parts)

    def _part(self, part: Part) -> str:
        if isinstance(part, Literal):
            return part.value
        if isinstance(part, AnyText):
            return "*"
        name = str(Text((part,)))
        if isinstance(part, Ref):
            name = f"${{{part.id}}}"
        elif isinstance(part, Att):
            name = f"${{{part.id}.{part.name}}}"
        elif isinstance(part, Unknown):
            name = part.reason
        token = f"{_OPEN}{_UNSAFE.sub('-', name).strip('-')[:80]}{_CLOSE}"
        self.shown[token] = name
        return token


class _NotKnown(Exception):
    """A part of a statement that only the deployment knows."""


def documents_in(properties: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """The policy documents among a resource's properties, each with the way to it."""
    if depth > 6:
        return
    if isinstance(properties, Mapping):
        if "Statement" in properties:
            yield path, properties
            return
        for key, value in properties.items():
            yield from documents_in(value, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(properties, list | tuple):
        for at, value in enumerate(properties):
            yield from documents_in(value, f"{path}[{at}]", depth + 1)
