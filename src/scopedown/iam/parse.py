"""From text to :class:`Policy`: AWS's grammar, kept strictly, every error with its place.

Rules 17, 18, 24, 28 and 48 to 50.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from scopedown.core.arn import parse_arn
from scopedown.iam.condition import check_operator, check_values
from scopedown.iam.document import Condition, Effect, Kind, Policy, Principal, Scalar, Span, Statement
from scopedown.iam.source import Node, Source, decode, from_object, read

_TOP = ("Version", "Id", "Statement")
_ELEMENTS = (
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
)  # fmt: skip
_PRINCIPAL_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")
_VERSIONS = ("2012-10-17", "2008-10-17")
_IAM_KINDS = (Kind.IDENTITY, Kind.BOUNDARY, Kind.SESSION)
_IAM_CHARACTERS = re.compile("[^\t\n\r -\u00ff]")
_SID = re.compile(r"[A-Za-z0-9]*")
_VENDOR = re.compile(r"[A-Za-z0-9_-]+")


def parse_policy(
    data: str | bytes | Mapping[str, object], kind: Kind | str = Kind.IDENTITY, *, name: str = ""
) -> Policy:
    """Read a policy document.

    ``data`` is JSON text, UTF-8 bytes, or the mapping that ``json.loads`` gives (then errors have a path and no line).
    ``name`` is what messages call the document, usually its file.

    Raises :class:`~scopedown.iam.errors.PolicyError` for anything that is not a policy of this kind.
    """
    kind = Kind(kind)
    if isinstance(data, Mapping):
        source, root = Source(None, name), from_object(data)
    else:
        text = decode(data, name) if isinstance(data, bytes | bytearray) else data
        source = Source(text, name)
        root = read(source)
    return _Reader(source, kind, name).policy(root)


class _Reader:
    """One document being read; ``kind`` decides what is allowed in it."""

    def __init__(self, source: Source, kind: Kind, name: str) -> None:
        self.source = source
        self.kind = kind
        self.name = name

    def policy(self, root: Node) -> Policy:
        if root.pairs is None:
            raise self.source.error("a policy must be a JSON object", "", root.start)
        elements = self._elements(root, _TOP, "")
        version = self._optional_text(elements, "Version", "")
        if version is not None and version not in _VERSIONS:
            raise self.source.error(
                f"must be {_VERSIONS[0]} or {_VERSIONS[1]}, not {version!r}", "Version", elements["Version"].start
            )
        policy_id = self._optional_text(elements, "Id", "")
        if policy_id is not None and self.kind in _IAM_KINDS:
            raise self.source.error(f"is not allowed in {self.kind} policies", "Id", elements["Id"].start)
        if "Statement" not in elements:
            raise self.source.error("Statement is missing", "", root.start)
        node = elements["Statement"]
        single = node.pairs is not None
        if not single and not isinstance(node.value, list):
            raise self.source.error("must be an object or a list of objects", "Statement", node.start)
        items = [node] if single else node.value
        assert isinstance(items, list)
        if not items:
            raise self.source.error("must have at least one statement", "Statement", node.start)
        statements = tuple(
            self.statement(item, "Statement" if single else f"Statement[{at}]") for at, item in enumerate(items)
        )
        self._unique_sids(statements, items, single)
        return Policy(self.kind, statements, version, policy_id, single, self.name)

    def _unique_sids(self, statements: tuple[Statement, ...], items: list[Node], single: bool) -> None:
        seen: set[str] = set()
        for at, statement in enumerate(statements):
            if statement.sid and statement.sid in seen:
                raise self.source.error(f"Sid {statement.sid!r} is used twice", f"Statement[{at}].Sid", items[at].start)
            seen.add(statement.sid or "")

    def statement(self, node: Node, path: str) -> Statement:
        if node.pairs is None:
            raise self.source.error("a statement must be a JSON object", path, node.start)
        elements = self._elements(node, _ELEMENTS, path)
        effect = self._effect(elements, node, path)
        for pair in (("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource")):
            if pair[0] in elements and pair[1] in elements:
                raise self.source.error(f"has both {pair[0]} and {pair[1]}", path, elements[pair[1]].start)
        single: set[str] = set()
        lists: dict[str, tuple[str, ...]] = {
            element: self._strings(elements[element], f"{path}.{element}", element, single)
            for element in ("Action", "NotAction", "Resource", "NotResource")
            if element in elements
        }
        self._required(elements, node, path)
        self._check_actions(lists, elements, path)
        self._check_resources(lists, elements, path)
        principal, not_principal = (
            self._principal(elements[element], f"{path}.{element}") if element in elements else None
            for element in ("Principal", "NotPrincipal")
        )
        self._check_principals(principal, not_principal, elements, path)
        conditions, empty = self._conditions(elements.get("Condition"), f"{path}.Condition")
        return Statement(
            effect,
            lists.get("Action"),
            lists.get("NotAction"),
            lists.get("Resource"),
            lists.get("NotResource"),
            principal,
            not_principal,
            conditions,
            self._sid(elements, path),
            frozenset(single),
            empty,
            self._span(node),
        )

    def _span(self, node: Node) -> Span | None:
        if self.source.text is None:
            return None
        return Span(*self.source.position(node.start), *self.source.position(node.end))

    def _elements(self, node: Node, known: tuple[str, ...], path: str) -> dict[str, Node]:
        """Its members by name: every one known, none twice, none that differs from another by case alone."""
        out: dict[str, Node] = {}
        for key, at, value in self._unique(node, path):
            if key not in known:
                near = [name for name in known if name.lower() == key.lower()] or get_close_matches(key, known, 1)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise self.source.error(f"unknown element {key!r}{hint}", path, at)
            out[key] = value
        return out

    def _unique(self, node: Node, path: str) -> Iterator[tuple[str, int, Node]]:
        seen: dict[str, str] = {}
        for key, at, value in node.pairs or ():
            before = seen.get(key.lower())
            if before is not None:
                how = "is repeated" if before == key else f"differs from {before!r} only by case"
                raise self.source.error(f"key {key!r} {how}", path, at)
            seen[key.lower()] = key
            yield key, at, value

    def _optional_text(self, elements: Mapping[str, Node], name: str, path: str) -> str | None:
        node = elements.get(name)
        if node is None:
            return None
        where = f"{path}.{name}" if path else name
        return self._text(node, where)

    def _text(self, node: Node, path: str) -> str:
        if not isinstance(node.value, str) or node.pairs is not None:
            raise self.source.error("must be text", path, node.start)
        if self.kind in (*_IAM_KINDS, Kind.TRUST) and (bad := _IAM_CHARACTERS.search(node.value)):
            raise self.source.error(
                f"holds the character U+{ord(bad.group()):04X}, which IAM rejects", path, node.start
            )
        return node.value

    def _effect(self, elements: Mapping[str, Node], node: Node, path: str) -> Effect:
        if "Effect" not in elements:
            raise self.source.error("Effect is missing", path, node.start)
        value = self._text(elements["Effect"], f"{path}.Effect")
        if value == "Allow":
            return "Allow"
        if value == "Deny":
            return "Deny"
        raise self.source.error(f"must be Allow or Deny, not {value!r}", f"{path}.Effect", elements["Effect"].start)

    def _sid(self, elements: Mapping[str, Node], path: str) -> str | None:
        sid = self._optional_text(elements, "Sid", path)
        if sid is not None and self.kind in (*_IAM_KINDS, Kind.TRUST) and not _SID.fullmatch(sid):
            raise self.source.error(
                "may have only letters A-Z and a-z and digits", f"{path}.Sid", elements["Sid"].start
            )
        return sid

    def _strings(self, node: Node, path: str, element: str, single: set[str]) -> tuple[str, ...]:
        if isinstance(node.value, str):
            single.add(element)
            return (self._pattern(node, path, element),)
        if not isinstance(node.value, list) or node.pairs is not None:
            raise self.source.error("must be text or a list of texts", path, node.start)
        if not node.value:
            raise self.source.error("must not be empty", path, node.start)
        return tuple(self._pattern(item, f"{path}[{at}]", element) for at, item in enumerate(node.value))

    def _pattern(self, node: Node, path: str, element: str) -> str:
        """An action or a resource. IAM takes ``*:*``, the one wildcard in the place of a service, for every action."""
        text = self._text(node, path)
        return "*" if text == "*:*" and element in ("Action", "NotAction") else text

    def _required(self, elements: Mapping[str, Node], node: Node, path: str) -> None:
        if "Action" not in elements and "NotAction" not in elements:
            raise self.source.error("Action or NotAction is missing", path, node.start)
        named = "Resource" in elements or "NotResource" in elements
        if self.kind is Kind.TRUST and named:
            raise self.source.error("a role trust policy cannot have a Resource", path, node.start)
        if self.kind not in (Kind.TRUST, Kind.RESOURCE) and not named:
            raise self.source.error("Resource or NotResource is missing", path, node.start)
        principal = next((name for name in ("Principal", "NotPrincipal") if name in elements), None)
        if self.kind.has_principal and principal is None:
            raise self.source.error("Principal is missing", path, node.start)
        if not self.kind.has_principal and principal is not None:
            raise self.source.error(f"is not allowed in {self.kind} policies", f"{path}.{principal}", node.start)

    def _check_actions(self, lists: Mapping[str, tuple[str, ...]], elements: Mapping[str, Node], path: str) -> None:
        for element in ("Action", "NotAction"):
            for action in lists.get(element, ()):
                at = elements[element].start
                where = f"{path}.{element}"
                if action == "*":
                    if self.kind is Kind.TRUST:
                        raise self.source.error("a role trust policy may only name sts actions", where, at)
                    continue
                vendor, colon, verb = action.partition(":")
                if not colon or not verb:
                    raise self.source.error(f"{action!r} is not an action; write service:Name", where, at)
                if not _VENDOR.fullmatch(vendor):
                    raise self.source.error(
                        f"{action!r} has a wildcard in its service, which IAM does not allow", where, at
                    )
                if self.kind is Kind.TRUST and vendor.lower() != "sts":
                    raise self.source.error("a role trust policy may only name sts actions", where, at)

    def _check_resources(self, lists: Mapping[str, tuple[str, ...]], elements: Mapping[str, Node], path: str) -> None:
        for element in ("Resource", "NotResource"):
            for pattern in lists.get(element, ()):
                arn = parse_arn(pattern)
                at, where = elements[element].start, f"{path}.{element}"
                if not pattern:
                    raise self.source.error("must not be empty", where, at)
                # Rule 24: AWS answers "Resource vendor must be fully qualified".
                if arn is not None and set(arn.service) & set("*?"):
                    raise self.source.error(
                        f"{pattern!r} has a wildcard in its service, which IAM does not allow", where, at
                    )
                # Rule 28 (contested, undocumented): what is refused here is what other evaluators found refused.
                short = pattern != "*" and pattern.count(":") < 5
                if short and self.kind is Kind.SCP and not pattern.endswith("*"):
                    raise self.source.error(f"{pattern!r} is not a complete ARN and does not end in *", where, at)
                if short and self.kind is Kind.RCP:
                    raise self.source.error(f"{pattern!r} is not a complete ARN", where, at)

    def _principal(self, node: Node, path: str) -> Principal:
        if node.pairs is None:
            if node.value == "*":
                return Principal.star()
            raise self.source.error('must be "*" or an object of principal types', path, node.start)
        entries: list[tuple[str, tuple[str, ...]]] = []
        single: set[str] = set()
        for key, at, value in self._unique(node, path):
            if key not in _PRINCIPAL_TYPES:
                raise self.source.error(f"unknown principal type {key!r}", path, at)
            entries.append((key, self._strings(value, f"{path}.{key}", key, single)))
        if not entries:
            raise self.source.error("must not be empty", path, node.start)
        return Principal(tuple(entries), single=frozenset(single))

    def _check_principals(
        self,
        named: Principal | None,
        excluded: Principal | None,
        elements: Mapping[str, Node],
        path: str,
    ) -> None:
        if excluded is not None and self.kind is Kind.TRUST:
            where, at = f"{path}.NotPrincipal", elements["NotPrincipal"].start
            raise self.source.error("is not allowed in a role trust policy", where, at)
        for principal in (named, excluded):
            for kind, values in principal.entries if principal else ():
                if kind == "Service" and any("*" in value for value in values):
                    at = elements["Principal" if named else "NotPrincipal"].start
                    raise self.source.error(
                        "a service principal cannot have a wildcard", f"{path}.Principal.Service", at
                    )
        if self.kind is Kind.RCP:
            everyone = named is not None and (named.everyone or named.entries == (("AWS", ("*",)),))
            if not everyone:
                raise self.source.error(
                    'the principal of an RCP must be "*"', path, elements.get("Principal", _NOWHERE).start
                )

    def _conditions(self, node: Node | None, path: str) -> tuple[tuple[Condition, ...], tuple[str, ...]]:
        if node is None:
            return (), ()
        if node.pairs is None:
            raise self.source.error("must be an object", path, node.start)
        out: list[Condition] = []
        empty: list[str] = [] if node.pairs else [""]
        for operator, at, block in self._unique(node, path):
            if problem := check_operator(operator):
                raise self.source.error(problem, path, at)
            if block.pairs is None:
                raise self.source.error("must be an object", f"{path}.{operator}", block.start)
            if not block.pairs:
                empty.append(operator)
            for key, key_at, value in self._unique(block, f"{path}.{operator}"):
                where = f"{path}.{operator}.{key}"
                if not key:
                    raise self.source.error("a condition key is empty", where, key_at)
                one = isinstance(value.value, list) is False
                values = tuple(self._scalars(value, where))
                if problem := check_values(operator, values):
                    raise self.source.error(problem, where, value.start)
                out.append(Condition(operator, key, values, one))
        return tuple(out), tuple(empty)

    def _scalars(self, node: Node, path: str) -> Iterator[Scalar]:
        if node.pairs is None and isinstance(node.value, list):
            if not node.value:
                raise self.source.error("must not be empty", path, node.start)
            for at, item in enumerate(node.value):
                if item.pairs is not None or isinstance(item.value, list):
                    raise self.source.error("must be text, a number or true or false", f"{path}[{at}]", item.start)
                yield from self._scalars(item, f"{path}[{at}]")
            return
        if node.pairs is None and isinstance(node.value, bool | int | float):
            yield node.value
            return
        if node.pairs is not None or node.value is None:
            raise self.source.error("must be text, a number or true or false", path, node.start)
        yield self._text(node, path)


_NOWHERE = Node(None)
