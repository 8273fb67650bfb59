"""The dimension of principals: who may ask, together with the condition keys that follow from who asks.

Candidates are every principal that a policy names, with whoever acts for it (a role's sessions, a user's federated
session), for each account that is named and for one that is not every kind of caller, and a service, a provider and an
unsigned request that nothing names. What a statement says of a principal is the same for all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from scopedown.core.arn import parse_arn
from scopedown.iam.document import Principal
from scopedown.iam.errors import LimitError
from scopedown.iam.folding import fold
from scopedown.iam.newaccess.box import Box
from scopedown.iam.newaccess.budget import OF_A_TEST, Budget
from scopedown.iam.newaccess.keys import Known, Tests
from scopedown.iam.newaccess.patterns import EVERYTHING, WORD, Pattern, joined, pattern
from scopedown.iam.newaccess.values import globs_of, literal_of
from scopedown.iam.principal import Form, statement_form
from scopedown.iam.request import Caller, CallerKind, Request, derived_context
from scopedown.iam.satisfy import in_fields
from scopedown.iam.variables import Context, ContextValue
from scopedown.iam.wildcard import Wild, join

FRESH_ACCOUNT = "999988887777"
DERIVED = frozenset(
    {
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principaltype",
        "aws:principalisawsservice",
        "aws:principalservicename",
        "aws:username",
    }
)
"""The keys that follow from the caller (:func:`scopedown.iam.context.derived_context`)."""
LIKELY = 100
"""Patterns of callers that are tried one by one where all together have too many combinations."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A caller, and the keys that follow from it; those of :data:`DERIVED` that are not there are missing."""

    caller: Caller
    keys: Context

    def value(self, key: str) -> ContextValue | None:
        """What the caller gives a key."""
        return self.keys.get(key)


class Callers:
    """The candidates of one comparison, and which of them each statement means."""

    def __init__(self, boxes: Sequence[Box], budget: Budget, only: Iterable[Caller] | None = None) -> None:
        """``only``: the callers beside strangers, where no others are of interest."""
        self.budget = budget
        classes = _Classes(budget)
        found = dict.fromkeys((*_unnamed(boxes, classes), *only) if only is not None else _callers(boxes, classes))
        self.doubt = classes.doubt
        """Why others than the candidates may satisfy conditions on callers; empty where they do not."""
        self.candidates = [Candidate(caller, _derived(caller)) for caller in found]
        self._requests = [Request(one.caller, "sts:AssumeRole", "*", context=one.keys) for one in self.candidates]
        self._kept: dict[Box, int] = {}
        self._held: dict[tuple[object, ...], int] = {}
        self.all = (1 << len(self.candidates)) - 1

    def named_by(self, box: Box) -> int:
        """The candidates that a statement's Principal or NotPrincipal means, as a set of bits."""
        found = self._kept.get(box)
        if found is None:
            self.budget.take(OF_A_TEST * len(self._requests))
            statement = box.place.statement
            found = self._kept[box] = (
                sum(
                    1 << at
                    for at, request in enumerate(self._requests)
                    if statement_form(statement, request, has_boundary=False) is not Form.NONE
                )
                if box.has_principal
                else self.all
            )
        return found

    def holding(self, box: Box, known: Known, tests: Tests) -> int:
        """The candidates that a statement means and whose own keys satisfy its conditions on them."""
        found = self.named_by(box)
        own = [atom for atom in box.atoms if atom.key in DERIVED]
        if not own:
            return found
        base = {key: value for key, value in known.items() if value is not None and key not in DERIVED}
        asked = (box, tuple(base.items()))
        if asked in self._held:
            return self._held[asked]
        self.budget.take(OF_A_TEST * (1 + len(own)) * found.bit_count())
        mask = 0
        for at, one in enumerate(self.candidates):
            if found >> at & 1:
                context = {**base, **one.keys}
                if all(tests.of(atom)(context) for atom in own):
                    mask |= 1 << at
        self._held[asked] = mask
        return mask


def _derived(caller: Caller) -> dict[str, ContextValue]:
    given = derived_context(caller, "*", {})
    return {fold(key): str(value) for key, value in given.items() if key != "aws:ResourceAccount"}


def strangers(account: str) -> Iterator[Caller]:
    """The callers of an account that no policy names, a service, a provider and an unsigned request."""
    yield Caller.role_session(account, WORD, WORD)
    yield Caller.user(account, WORD)
    yield Caller.root(account)
    yield Caller.federated_user(account, WORD)
    yield Caller.service(f"{WORD}.amazonaws.com")
    yield Caller.identity_of(f"{WORD}.example.com")
    yield Caller.role_session(account, WORD, WORD, provider=f"{WORD}.example.com")
    yield Caller.anonymous()


def _unnamed(boxes: Sequence[Box], classes: _Classes) -> Iterator[Caller]:
    """The callers whom no policy names: whoever has an account may give a role or a user the name of a pattern."""
    fresh = _free_account(boxes)
    yield from strangers(fresh)
    yield from _of_account(fresh, dict.fromkeys(_names(boxes, classes)), ())
    arns = [one for one in dict.fromkeys(_named_by_conditions(boxes, classes)) if f"::{fresh}:" in one]
    for arn in arns:
        yield from _of_arn(arn, arns)


def _free_account(boxes: Sequence[Box]) -> str:
    named = {account for _, account in _accounts(boxes, [])}
    return next(text for text in (f"{number:012d}" for number in range(int(FRESH_ACCOUNT), 0, -1)) if text not in named)


def _callers(boxes: Sequence[Box], classes: _Classes) -> Iterator[Caller]:
    named = [entry for box in boxes for one in principals_of(box) for entry in entries_of(one)]
    values = list(dict.fromkeys(_named_by_conditions(boxes, classes)))
    fresh = _free_account(boxes)
    yield from strangers(fresh)
    accounts = list(dict.fromkeys(_accounts(boxes, values)))
    names = list(dict.fromkeys(_names(boxes, classes)))
    providers = [value for kind, value in named if kind == "Federated" and value != "*"]
    for kind, value in named:
        if kind == "Service":
            yield Caller.service(value)
    for service in _literals(boxes, "aws:principalservicename"):
        yield Caller.service(service)
    for provider in dict.fromkeys(providers):
        yield Caller.identity_of(provider)
    for partition, account in (*accounts, ("aws", fresh)):
        for one in _of_account(account, names, providers):
            yield _in_partition(one, partition)
    for kind, value in named:
        if kind == "AWS" and value.startswith(("AIDA", "AROA")):
            yield replace(Caller.user(fresh, WORD), unique_id=value)
            yield replace(Caller.role_session(fresh, WORD, WORD), unique_id=value)
        if kind == "CanonicalUser":
            yield replace(Caller.root(fresh), canonical_id=value)
            yield replace(Caller.user(fresh, WORD), canonical_id=value)
            yield replace(Caller.role_session(fresh, WORD, WORD), canonical_id=value)
    arns = list(dict.fromkeys((*(value for kind, value in named if kind == "AWS"), *values)))
    roles = [one for one in (*arns, *_patterns_of(boxes, "aws:principalarn")) if ":role/" in one]
    for value in arns:
        yield from _of_arn(value, roles)


def principals_of(box: Box) -> Iterator[Principal]:
    """The Principal or NotPrincipal of a statement."""
    yield from (one for one in (box.principal, box.not_principal) if one is not None)


def entries_of(principal: Principal) -> Iterator[tuple[str, str]]:
    """The type and value of each principal that is listed."""
    for kind, values in principal.entries:
        yield from ((kind, value) for value in values)


def _of_account(account: str, names: Iterable[str], providers: Iterable[str]) -> Iterator[Caller]:
    yield Caller.role_session(account, WORD, WORD)
    yield Caller.user(account, WORD)
    yield Caller.root(account)
    yield Caller.federated_user(account, WORD)
    for provider in providers:
        yield Caller.role_session(account, WORD, WORD, provider=provider)
    for name in names:
        yield Caller.user(account, name)
        yield Caller.federated_user(account, name)


def _of_arn(value: str, roles_named: Sequence[str]) -> Iterator[Caller]:
    """Whoever acts as the principal of an ARN; ``roles_named`` are the roles' ARNs and patterns in the policies."""
    arn = parse_arn(value)
    if arn is None or not (arn.account.isdigit() and len(arn.account) == 12):
        return
    kind, _, rest = arn.resource.partition("/")
    last = rest.rsplit("/", 1)[-1]
    sts = f"arn:{arn.partition}:sts::{arn.account}"
    if kind == "role" and rest:
        session = Caller.role_session(arn.account, rest, WORD)
        yield replace(session, arn=f"{sts}:assumed-role/{last}/{WORD}", role_arn=value)
    elif kind == "user" and rest:
        yield Caller(CallerKind.USER, value, arn.account)
        yield Caller(CallerKind.FEDERATED_USER, f"{sts}:federated-user/{last}", arn.account)
    elif kind == "assumed-role" and "/" in rest:
        role = rest.split("/", 1)[0]
        prefix = f"arn:{arn.partition}:iam::{arn.account}:role/"
        roles = [one for one in roles_named if one.rsplit("/", 1)[-1] == role]
        # A session's ARN has no path. Names of roles are unique in an account, so a role that is named is the one.
        known = [one for one in roles if one.startswith(prefix)]
        for role_arn in dict.fromkeys((prefix + role, *known, *(() if roles else (f"{prefix}{WORD}/{role}",)))):
            yield Caller(CallerKind.ROLE_SESSION, value, arn.account, role_arn)
            yield Caller(CallerKind.ROLE_SESSION, f"{sts}:assumed-role/{role}/{WORD}", arn.account, role_arn)
    elif kind == "federated-user" and rest:
        yield Caller(CallerKind.FEDERATED_USER, value, arn.account)


def _in_partition(caller: Caller, partition: str) -> Caller:
    if partition == "aws":
        return caller
    change = {"arn": caller.arn.replace("arn:aws:", f"arn:{partition}:", 1)}
    if caller.role_arn:
        change["role_arn"] = caller.role_arn.replace("arn:aws:", f"arn:{partition}:", 1)
    return replace(caller, **change)  # type: ignore[arg-type]


def _accounts(boxes: Sequence[Box], values: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The accounts that are named anywhere, each with its partition."""
    texts = [value for box in boxes for one in principals_of(box) for _, value in entries_of(one)]
    for text in (*texts, *values, *_patterns_of(boxes, "aws:principalarn")):
        arn = parse_arn(text)
        account, partition = (arn.account, arn.partition) if arn else (text, "aws")
        if account.isdigit() and len(account) == 12:
            yield (partition if partition.startswith("aws") and "*" not in partition else "aws"), account
    for account in _literals(boxes, "aws:principalaccount"):
        if account.isdigit() and len(account) == 12:
            yield "aws", account


def _patterns_of(boxes: Sequence[Box], key: str) -> Iterator[str]:
    for box in boxes:
        for atom in box.atoms:
            if atom.key == key:
                yield from atom.condition.texts


def _literals(boxes: Sequence[Box], key: str) -> Iterator[str]:
    for text in dict.fromkeys(_patterns_of(boxes, key)):
        if "*" not in text and "?" not in text and text:
            yield text


def _names(boxes: Sequence[Box], classes: _Classes) -> Iterator[str]:
    """Names that a caller's aws:username may need to have."""
    yield from _literals(boxes, "aws:username")
    patterns = [
        pattern(one)
        for box in boxes
        for atom in box.atoms
        if atom.key == "aws:username"
        for one in globs_of(atom, {})
        if literal_of(one) is None
    ]
    if patterns:
        yield from (text for text in classes.of(EVERYTHING, patterns) if text and "/" not in text)


def _named_by_conditions(boxes: Sequence[Box], classes: _Classes) -> Iterator[str]:
    """ARNs of users and roles for the classes of aws:PrincipalArn's patterns, in every account that is named."""
    patterns: list[Pattern] = []
    for box in boxes:
        for atom in box.atoms:
            if atom.key != "aws:principalarn":
                continue
            arn_operator = atom.condition.operator.rpartition(":")[2].startswith("Arn")
            for one in globs_of(atom, {}):
                text = literal_of(one)
                if text is not None:
                    yield text
                else:
                    patterns.append(pattern(join(in_fields(one)) if arn_operator else one))
    if not patterns:
        return
    accounts = dict.fromkeys((*(account for _, account in _accounts(boxes, [])), _free_account(boxes)))
    for account in accounts:
        for kind in (f"iam::{account}:role", f"iam::{account}:user", f"sts::{account}:federated-user"):
            for text in classes.of(pattern((f"arn:aws:{kind}/", Wild.ANY)), patterns):
                # A pattern may end in a path: whoever has an account may name a role below it.
                yield text + WORD if text.endswith("/") else text


class _Classes:
    """Texts of every combination of patterns, as far as the budget goes."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.doubt = ""

    def of(self, region: Pattern, patterns: Sequence[Pattern]) -> list[str]:
        """A text of the region for each combination; a few likely ones where there are too many."""
        different = [*dict.fromkeys(patterns)]
        try:
            return self.budget.classes([region.steps, *(one.steps for one in different)])
        except LimitError as error:
            self.doubt = error.message
        few = (joined([region, one]) for one in different[:LIKELY])
        return [text for text in (region.generic, *few) if text is not None]
