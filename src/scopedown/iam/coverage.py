"""Do these policies allow every request of an action pattern, a resource pattern and conditions?

Decided, not sampled: actions and resources are split into the classes that the policies' patterns tell apart
(:mod:`scopedown.iam.language`), and in each class the conditions are settled (:mod:`scopedown.iam.satisfy`). Resources
may be symbolic (:class:`scopedown.core.text.Text`): a ``Ref`` in a policy covers the same ``Ref`` in a need.

>>> from scopedown.iam import parse_policy
>>> policy = parse_policy({"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}})
>>> covers("s3:GetObject", "arn:aws:s3:::b/in/*", [policy]).answer
'yes'
>>> print(covers("s3:*Object", "arn:aws:s3:::b/key", [policy]).rest[0])
s3:object on arn:aws:s3:::b/key: no statement allows it
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Literal

from scopedown.core.text import Text
from scopedown.iam.arn import resource_template
from scopedown.iam.document import Condition, Effect, Policy
from scopedown.iam.errors import LimitError
from scopedown.iam.folding import fold
from scopedown.iam.language import Steps, Tokens, Walk, intersects, is_token
from scopedown.iam.policyset import PolicySet
from scopedown.iam.rule import pads
from scopedown.iam.satisfy import TRIES, Atom, atoms_of, conditions_from, escape, satisfiable
from scopedown.iam.variables import Context, ContextValue, Template, Variable, resolve, uses_variables
from scopedown.iam.wildcard import Wild, expand, glob

Answer = Literal["yes", "no", "partly"]
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Grant:
    """A statement whose resources may be symbolic. ``variables``: whether ``${…}`` in text is a policy variable."""

    effect: Effect
    actions: tuple[str, ...]
    resources: tuple[str | Text, ...]
    conditions: tuple[Condition, ...] = ()
    but_actions: bool = False
    """Whether ``actions`` is a NotAction."""
    but_resources: bool = False
    """Whether ``resources`` is a NotResource."""
    variables: bool = True
    pad: bool = True
    name: str = ""
    index: object = field(default=None, init=False, repr=False, compare=False)
    """Where whoever asks about many needs keeps what tells its resources apart, so that they are read through once."""

    @staticmethod
    def of(policy: Policy) -> tuple[Grant, ...]:
        """The statements of a policy."""
        return tuple(
            Grant(
                one.effect,
                one.action or one.not_action or (),
                one.resource if one.resource is not None else one.not_resource or ("*",),
                one.condition,
                one.action is None,
                one.not_resource is not None,
                uses_variables(policy.version),
                pads(policy.kind),
                f"{policy.name or policy.kind}, statement {one.sid or number + 1}",
            )
            for number, one in enumerate(policy.statements)
        )


@dataclass(frozen=True, slots=True)
class Rest:
    """Requests that are not allowed, by one of them: an action (in lower case), a resource and a context."""

    action: str
    resource: str
    context: Mapping[str, ContextValue]
    why: str
    symbolic: bool = False
    """Whether unknown parts stand in the resource, so that it is no request that could be sent as it is."""

    def __str__(self) -> str:
        where = f" with {dict(self.context)}" if self.context else ""
        return f"{self.action} on {self.resource}{where}: {self.why}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer: ``yes``, ``no`` (nothing of it is allowed) or ``partly``.

    ``rest`` has one request for each class that is not allowed (at most 50). ``assumes`` says on what a ``yes`` rests:
    denies that would meet it if an unknown part turned out to be some text.
    """

    answer: Answer
    rest: tuple[Rest, ...] = ()
    allowed: Rest | None = None
    """A request that is allowed, where the answer is ``partly``."""
    assumes: tuple[str, ...] = ()

    @property
    def witness(self) -> Rest | None:
        """A request that is not allowed."""
        return self.rest[0] if self.rest else None


@dataclass(slots=True)
class _Side:
    """A grant made ready for one question: its patterns by number in the walk, its conditions."""

    grant: Grant
    group: int
    atoms: tuple[Atom, ...]
    actions: list[int] = field(default_factory=list)


def covers(
    action: str,
    resource: str | Text,
    policies: PolicySet | Iterable[Policy | Grant],
    conditions: Mapping[str, Mapping[str, object]] | None = None,
) -> Coverage:
    """Whether every request of this action and resource, under conditions, is allowed.

    ``policies`` are identity policies (or grants), or a policy set, of which identity, boundary, session and SCP levels
    must each allow; resource-based policies and RCPs are not looked at. A resource of ``*`` means any resource at all.
    Raises :class:`~scopedown.iam.errors.LimitError` where the question is too large to be decided.
    """
    groups = _groups(policies)
    tokens = Tokens()
    known = _known(conditions or {})
    region = atoms_of(conditions_from(conditions or {}), variables=False)
    sides = [
        _Side(grant, number, atoms_of(grant.conditions, variables=grant.variables))
        for number, group in enumerate(groups)
        for grant in group
    ]
    need = expand_text(tokens, resource)
    actions: list[Steps] = [expand(glob(fold(action)))]
    for side in sides:
        side.actions = [_number(actions, expand(glob(fold(one)))) for one in side.grant.actions]
    if satisfiable([(atom, True) for atom in region], known) is None:
        return Coverage("yes")
    question = _Question(need, tuple((atom, True) for atom in region), known, len(groups), tokens)
    rest: list[Rest] = []
    some: Rest | None = None
    for bits, name in Walk(actions).classes().items():
        fit = [side for side in sides if _inside(bits, side.actions, side.grant.but_actions)]
        found, allowed = _resources(question, name, fit, some is not None)
        rest += found
        some = some or allowed
    answer: Answer = "yes" if not rest else "partly" if some else "no"
    assumes = _assumptions(action, need, sides, tokens) if answer == "yes" else ()
    return Coverage(answer, tuple(rest[:_SHOWN]), some if answer == "partly" else None, assumes)


def _groups(policies: PolicySet | Iterable[Policy | Grant]) -> list[list[Grant]]:
    """The layers that must each allow."""
    if not isinstance(policies, PolicySet):
        return [[one for item in policies for one in (Grant.of(item) if isinstance(item, Policy) else (item,))]]
    layers: list[Sequence[Policy]] = [*policies.scp, policies.identity]
    layers += [policies.boundary] if policies.boundary else []
    layers += [policies.session] if policies.session is not None else []
    return [[grant for policy in layer for grant in Grant.of(policy)] for layer in layers]


def _known(conditions: Mapping[str, Mapping[str, object]]) -> Context:
    """The keys that the conditions fix to one value, so that variables can be put in."""
    out: dict[str, ContextValue] = {}
    for condition in conditions_from(conditions):
        if condition.operator == "StringEquals" and len(condition.values) == 1:
            out[fold(condition.key)] = condition.texts[0]
    return out


def expand_text(tokens: Tokens, resource: str | Text) -> Steps:
    """What is needed, one step at a time; its unknown parts may be anything."""
    text = tokens.text(resource, unknown_is_any=True)
    return _steps(_arn_parts(text, variables=False, pad=False), Wild.ANY)


def _arn_parts(text: str, *, variables: bool, pad: bool) -> Template:
    """A resource pattern; one that begins with a token is a whole ARN of which the fields are not known."""
    if text and is_token(text[0]):
        return glob(text)
    return resource_template(text, variables=variables, pad=pad)


def _steps(parts: Template, variable: Wild | str) -> Steps:
    return tuple(
        step for part in parts for step in ((variable,) if isinstance(part, Variable) else expand((part,))) if step
    )


def _number(patterns: list[Steps], steps: Steps) -> int:
    """The number of a pattern in the walk; equal ones share one."""
    try:
        return patterns.index(steps, 1)
    except ValueError:
        patterns.append(steps)
        return len(patterns) - 1


@lru_cache(maxsize=512)
def _least(
    patterns: tuple[Steps, ...], colonless: frozenset[str], more: frozenset[int], less: frozenset[int]
) -> tuple[tuple[int, str], ...]:
    """As :meth:`Walk.least`: statements of one role ask about the same resources again and again."""
    return tuple(Walk(patterns, colonless).least(more, less).items())


def _inside(bits: int, numbers: Sequence[int], complement: bool) -> bool:
    return any(bits >> number & 1 for number in numbers) is not complement


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked: the resource, the conditions, and how many layers must allow."""

    need: Steps
    wanted: tuple[tuple[Atom, bool], ...]
    known: Context
    groups: int
    tokens: Tokens

    def texts(self, inside: Sequence[_Side], outside: Sequence[_Side]) -> Iterator[tuple[str, Callable[[_Side], bool]]]:
        """Resources that are as far inside some sides and outside others as can be, each with what it is inside of."""
        patterns: list[Steps] = [self.need]
        more: set[int] = set()
        less: set[int] = set()
        numbers: dict[int, list[int]] = {}
        for side, wanted in (*((one, True) for one in inside), *((one, False) for one in outside)):
            steps = [_resource_steps(resource, side, self.tokens, self.known) for resource in side.grant.resources]
            numbers[id(side)] = [_number(patterns, step) for step in steps]
            (more if wanted is not side.grant.but_resources else less).update(numbers[id(side)])
        for bits, text in _least(tuple(patterns), frozenset(self.tokens.colonless), frozenset(more), frozenset(less)):

            def is_inside(side: _Side, bits: int = bits) -> bool:
                return _inside(bits, numbers[id(side)], side.grant.but_resources)

            yield text, is_inside

    def rest(self, action: str, text: str, context: Mapping[str, ContextValue], why: str) -> Rest:
        """One request of the answer."""
        return Rest(action, self.tokens.show(text), context, why, any(is_token(char) for char in text))


_NOTHING = "\ufffe"
"""A step that no text takes: what an Allow's variable without a known value, or unknown text, grants."""


def _resource_steps(pattern: str | Text, side: _Side, tokens: Tokens, known: Context) -> Steps:
    """A grant's resource. What is open in it counts for nothing in an Allow and for anything in a Deny.

    In NotResource it is the other way round: there, what it takes out is what counts.
    """
    generous = (side.grant.effect == "Deny") is not side.grant.but_resources
    text = tokens.text(pattern, unknown_is_any=generous)
    parts = _arn_parts(text, variables=side.grant.variables and isinstance(pattern, str), pad=side.grant.pad)
    resolved = resolve(parts, known)
    if resolved is not None:
        return expand(resolved)
    return _steps(parts, Wild.ANY if generous else _NOTHING)


def _resources(question: _Question, action: str, fit: Sequence[_Side], seen: bool) -> tuple[list[Rest], Rest | None]:
    """The resources of one class of actions: what is not allowed, by one request of each kind, and one that is.

    With ``seen``, one that is allowed is known already and not looked for.
    """
    rest: list[Rest] = []
    denies = [side for side in fit if side.grant.effect == "Deny"]
    allows = [side for side in fit if side.grant.effect == "Allow"]
    for deny in denies:
        context = satisfiable([*question.wanted, *((atom, True) for atom in deny.atoms)], question.known)
        if context is None:
            continue
        for text, inside in question.texts([deny], []):
            if inside(deny):
                rest.append(question.rest(action, text, context, f"denied by {deny.grant.name or 'a statement'}"))
                break
    for text, inside in question.texts([], allows):
        blocked = _not_allowed(question, [side for side in allows if inside(side)])
        if blocked is not None:
            rest.append(question.rest(action, text, *blocked))
    return rest, None if seen else _some_allowed(question, action, allows, denies)


def _not_allowed(question: _Question, here: Sequence[_Side]) -> tuple[dict[str, ContextValue], str] | None:
    """A context in which some layer's allows do not reach, and why."""
    for number in range(question.groups):
        group = [side for side in here if side.group == number]
        context = escape(question.wanted, [side.atoms for side in group], question.known)
        if context is not None:
            return context, "it is allowed only under conditions" if group else "no statement allows it"
    return None


def _some_allowed(question: _Question, action: str, allows: Sequence[_Side], denies: Sequence[_Side]) -> Rest | None:
    """A request that is allowed: one allow of every layer, and no deny."""
    layers = [[side for side in allows if side.group == number] for number in range(question.groups)]
    for number, choice in enumerate(product(*layers)):
        if number > TRIES:
            raise LimitError("the policies have too many combinations")
        literals = [*question.wanted, *((atom, True) for side in choice for atom in side.atoms)]
        if satisfiable(literals, question.known) is None:
            continue
        for text, inside in question.texts(choice, denies):
            if not all(inside(side) for side in choice):
                continue
            context = escape(literals, [deny.atoms for deny in denies if inside(deny)], question.known)
            if context is not None:
                return question.rest(action, text, context, "allowed")
    return None


def _assumptions(action: str, need: Steps, sides: Sequence[_Side], tokens: Tokens) -> tuple[str, ...]:
    """The denies that are clear of the need only while an unknown part is not some text."""
    out: list[str] = []
    loose = _loosened(need)
    wanted_action = expand(glob(fold(action)))
    for side in sides:
        grant = side.grant
        if grant.effect != "Deny" or grant.but_actions or grant.but_resources:
            continue
        if not any(intersects(wanted_action, expand(glob(fold(one)))) for one in grant.actions):
            continue
        for pattern in grant.resources:
            steps = _loosened(expand_text(tokens, pattern))
            if (steps, need) != (expand_text(tokens, pattern), loose) and intersects(loose, steps):
                out.append(f"{grant.name or 'a deny'} ({pattern}) is for another resource")
                break
    return tuple(dict.fromkeys(out))


def _loosened(steps: Steps) -> Steps:
    return tuple(Wild.ANY if isinstance(step, str) and is_token(step) else step for step in steps)
