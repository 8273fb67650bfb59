"""A statement as a box: one constraint on each dimension of a request (action, resource, principal, condition keys)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scopedown.iam.condition import keys_read
from scopedown.iam.document import Kind, Principal
from scopedown.iam.folding import fold
from scopedown.iam.newaccess.names import ALWAYS_ALLOWED, Vocabulary
from scopedown.iam.rule import Place, Rule
from scopedown.iam.satisfy import Atom
from scopedown.iam.services import RCP_SERVICES
from scopedown.iam.variables import Template, Variable, uses_variables
from scopedown.iam.wildcard import ANYTHING

NOT_OF_RCPS = "kms:retiregrant"
"""The one action of their services that RCPs do not reach
(https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html)."""


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """One statement.

    ``actions`` are its patterns in lower case and ``mask`` their set (for NotAction the complement of theirs).
    ``resources`` are the patterns of Resource or NotResource; none where every resource is meant. ``key`` is equal for
    statements that say the same. ``services``: those of its actions, None where it may be any.
    """

    place: Place
    allow: bool
    actions: tuple[str, ...]
    but_actions: bool
    mask: int
    resources: tuple[Template, ...]
    but_resources: bool
    principal: Principal | None
    not_principal: Principal | None
    atoms: tuple[Atom, ...]
    conditions: frozenset[tuple[object, ...]]
    """What ``atoms`` say, whatever their order."""
    who: tuple[object, ...]
    """Its principals, whatever their order."""
    key: tuple[object, ...]
    services: frozenset[str] | None
    variables: frozenset[str]
    """The keys of the policy variables that stand in its resources and conditions."""
    of_rcp: bool = False
    """Whether it is a deny of an RCP, which reaches the actions of some services only (rule 9)."""

    @property
    def any_resource(self) -> bool:
        """Whether it is about every resource."""
        return not self.resources

    @property
    def has_principal(self) -> bool:
        """Whether it names principals."""
        return self.principal is not None or self.not_principal is not None

    @property
    def whole(self) -> bool:
        """Whether nothing but the action limits it."""
        return self.any_resource and not self.atoms and not self.has_principal


def box_of(place: Place, vocabulary: Vocabulary) -> Box:
    """The box of one statement."""
    statement, policy = place.statement, place.policy
    rule = Rule(place)
    templates = tuple(dict.fromkeys(rule.templates))
    but_resources = statement.not_resource is not None
    if not but_resources and ANYTHING in templates:
        templates = ()
    patterns = tuple(dict.fromkeys(fold(one) for one in statement.action or statement.not_action or ()))
    but_actions = statement.not_action is not None
    mask = 0
    for pattern in patterns:
        mask |= vocabulary.mask(pattern)
    if but_actions:
        mask = vocabulary.all & ~mask
    mask &= ~vocabulary.mask(ALWAYS_ALLOWED)
    of_rcp = policy.kind is Kind.RCP
    if of_rcp:
        mask &= _reached(vocabulary)
    atoms = tuple(Atom(one, uses_variables(policy.version)) for one in statement.condition)
    conditions, who, effect = conditions_key(atoms), _who(place), statement.effect
    return Box(
        place,
        effect == "Allow",
        patterns,
        but_actions,
        mask,
        templates,
        but_resources,
        None if of_rcp else statement.principal,  # an RCP's is "*": whoever calls
        statement.not_principal,
        atoms,
        conditions,
        who,
        (effect, frozenset(patterns), but_actions, frozenset(templates), but_resources, conditions, who),
        RCP_SERVICES if of_rcp else _services(patterns, but_actions),
        frozenset(_variables(templates, atoms)),
        of_rcp,
    )


def _reached(vocabulary: Vocabulary) -> int:
    """The actions that RCPs reach."""
    mask = 0
    for service in RCP_SERVICES:
        mask |= vocabulary.mask(f"{service}:*")
    return mask & ~vocabulary.mask(NOT_OF_RCPS)


def conditions_key(atoms: tuple[Atom, ...]) -> frozenset[tuple[object, ...]]:
    """What a statement's conditions say, whatever their order; a text with a variable counts as its policy reads it."""
    return frozenset(atom_key(atom) for atom in atoms)


def atom_key(atom: Atom) -> tuple[object, ...]:
    """What one condition says, whatever the order of its values."""
    texts = frozenset(atom.condition.texts)
    reads = atom.variables and any("${" in text for text in texts)
    return (atom.condition.operator, atom.key, texts, reads)


def _who(place: Place) -> tuple[object, ...]:
    statement = place.statement
    if place.policy.kind is Kind.RCP:
        return (Kind.RCP,)
    return tuple(
        None
        if one is None
        else (one.everyone, frozenset((kind, value) for kind, values in one.entries for value in values))
        for one in (statement.principal, statement.not_principal)
    )


def _services(patterns: tuple[str, ...], but_actions: bool) -> frozenset[str] | None:
    if but_actions:
        return None
    found = set()
    for pattern in patterns:
        service, colon, _ = pattern.partition(":")
        if not colon or "*" in service or "?" in service:
            return None
        found.add(service)
    return frozenset(found)


def _variables(templates: tuple[Template, ...], atoms: tuple[Atom, ...]) -> Iterator[str]:
    for template in templates:
        for part in template:
            if isinstance(part, Variable):
                yield part.key
    for atom in atoms:
        if atom.open:
            yield from keys_read(atom.condition, variables=True) - {atom.key}
            if any(f"${{{atom.key}" in fold(text) for text in atom.condition.texts):
                yield atom.key


def covers_but_actions(outer: Box, inner: Box) -> bool:
    """Whether a box plainly holds all of another one's resources, principals and contexts: by their words alone."""
    if outer.whole:
        return True
    if outer.who != inner.who or not outer.conditions <= inner.conditions:
        return False
    if outer.any_resource:
        return True
    if outer.but_resources is not inner.but_resources:
        return False
    if outer.but_resources:
        return set(outer.resources) <= set(inner.resources)
    return bool(inner.resources) and set(inner.resources) <= set(outer.resources)


def covers(outer: Box, inner: Box) -> bool:
    """Whether a box plainly holds all of another one: actions that nobody has yet among them."""
    if inner.mask & ~outer.mask or not covers_but_actions(outer, inner):
        return False
    if outer.of_rcp and (inner.services is None or not inner.services <= RCP_SERVICES):
        return False
    if outer.but_actions or inner.but_actions:
        same = outer.but_actions is inner.but_actions
        return (outer.actions == ("*",) and not outer.but_actions) or (
            same and set(outer.actions) <= set(inner.actions)
        )
    if "*" in outer.actions:
        return True
    return all(one in outer.actions or ("*" not in one and "?" not in one) for one in inner.actions)
