"""Do new policies allow anything that old ones did not? A proof, a request, or the reason for neither.

>>> from scopedown.iam import parse_policy
>>> def reads(*actions):
...     return parse_policy({"Statement": {"Effect": "Allow", "Action": [*actions], "Resource": "arn:aws:s3:::b/*"}})
>>> new_access([[reads("s3:Get*")]], [[reads("s3:GetObject")]], names=("s3:GetObject",)).answer
'no new access'
>>> found = new_access([[reads("s3:GetObject")]], [[reads("s3:*Object")]], names=("s3:GetObject", "s3:PutObject"))
>>> found.answer, found.rows[0].actions, found.witness.data()
('new access', ('s3:PutObject',), {'action': 's3:PutObject', 'resource': 'arn:aws:s3:::b/qzxjw', 'context': {}})

What is promised: within the policy language, "no new access" holds for every action (those that AWS has and those that
it may add), every resource text, every principal and every context. "new access" comes with a request that the
evaluator allows under the new policies and not under the old. Keys are independent of actions: a key that a service
never sets is a key all the same, as in AWS's own check.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from scopedown.iam.document import Kind, Policy
from scopedown.iam.errors import LimitError
from scopedown.iam.newaccess.box import Box, box_of, covers
from scopedown.iam.newaccess.budget import Budget
from scopedown.iam.newaccess.callers import Callers
from scopedown.iam.newaccess.find import Finder, Found, Group, NotDecidedError
from scopedown.iam.newaccess.model import Comparison, Undecided, Witness
from scopedown.iam.newaccess.names import Vocabulary
from scopedown.iam.newaccess.patterns import Pattern, apart, pattern
from scopedown.iam.newaccess.public import shared_identities, strange
from scopedown.iam.newaccess.rows import DENY_GONE, NOT_BEFORE, UNDER_CONDITIONS, Cell, resources_shown, rows_of
from scopedown.iam.newaccess.verify import Judge, Layers, names_principals
from scopedown.iam.policyset import Layer
from scopedown.iam.rule import Place, Rule
from scopedown.iam.variables import Template, Variable
from scopedown.iam.wildcard import Glob, glob

COMBINATIONS = 5_000
"""Combinations of the layers' statements, unfinished ones included, that one comparison looks at: a few seconds."""


class OtherLayers:
    """The layers that must allow a request as well, such as a boundary and the levels of SCPs."""

    def __init__(self, layers: Sequence[Sequence[Box]]) -> None:
        self._layers = sorted((_widest([box for box in layer if box.allow]) for layer in layers), key=len)
        self._left = COMBINATIONS
        self._covered: dict[tuple[Box, Box], bool] = {}
        self._met: dict[tuple[Box, Box], bool] = {}

    def together(self, positive: tuple[Box, ...]) -> Iterator[tuple[Box, ...]]:
        """The statements with one of each layer that they can meet; a layer that allows all of one of them adds none.

        Raises LimitError where there are too many combinations.
        """
        waiting = [(positive, 0)]
        while waiting:
            chosen, at = waiting.pop()
            while at < len(self._layers) and any(self._covers(box, one) for box in self._layers[at] for one in chosen):
                at += 1
            if at == len(self._layers):
                yield chosen
                continue
            self._left -= 1
            if self._left < 0:
                raise LimitError("the layers have too many combinations of statements")
            waiting.extend(
                ((*chosen, box), at + 1)
                for box in reversed(self._layers[at])
                if all(self._meet(box, one) for one in chosen)
            )

    def _covers(self, outer: Box, inner: Box) -> bool:
        key = (outer, inner)
        if key not in self._covered:
            self._covered[key] = covers(outer, inner)
        return self._covered[key]

    def _meet(self, one: Box, other: Box) -> bool:
        key = (one, other)
        if key not in self._met:
            self._met[key] = _may_meet(one, other)
        return self._met[key]


def _widest(allows: list[Box]) -> list[Box]:
    """A layer's allows; one that allows everything is as good as all of them."""
    return next(([box] for box in allows if box.whole and "*" in box.actions and not box.but_actions), allows)


def _may_meet(one: Box, other: Box) -> bool:
    """Whether two statements may be about the same action and resource, by the ends of their patterns alone."""
    if not (
        one.mask & other.mask
        or one.but_actions
        or other.but_actions
        or not _all_apart([glob(text) for text in one.actions], [glob(text) for text in other.actions])
    ):
        return False
    if one.but_resources or other.but_resources or one.any_resource or other.any_resource:
        return True
    regions = [_globs(box.resources) for box in (one, other)]
    return not regions[0] or not regions[1] or not _all_apart(*regions)


def _globs(templates: Sequence[Template]) -> list[Glob]:
    """Resources as globs; none where one of them has a variable."""
    globs = [tuple(part for part in template if not isinstance(part, Variable)) for template in templates]
    return globs if globs == [*templates] else []


def _all_apart(ones: Sequence[Glob], others: Sequence[Glob]) -> bool:
    return all(apart(pattern(one), pattern(other)) for one in ones for other in others)


CELLS = 100
"""Resources of a statement times groups of its actions that are looked at one by one; past it a group is one row."""


def new_access(old: Layers, new: Layers, names: Sequence[str] = (), *, first: bool = False) -> Comparison:
    """What ``new`` allows and ``old`` does not.

    Both are layers of policies that must each allow: one for a document or the policies of a role, more with a
    permissions boundary, session policies and the levels of SCPs. ``names`` are AWS's actions
    (:meth:`~scopedown.catalog.model.Catalog.action_names`). With ``first`` the search ends at one request.
    """
    return Question(old, new, names).answer(first=first)


class Question:
    """One comparison."""

    def __init__(self, old: Layers, new: Layers, names: Sequence[str], *, strangers: bool = False) -> None:
        """``strangers``: only requests of somebody whom no policy names, from nowhere that a policy names."""
        policies = [policy for side in (old, new) for layer in side for policy in layer]
        principals = any(map(names_principals, policies))
        patterns = {
            pattern
            for policy in policies
            for one in policy.statements
            for pattern in one.action or one.not_action or ()
        }
        vocabulary = Vocabulary(names, patterns)
        self.old = [_boxes(layer, number, vocabulary) for number, layer in enumerate(old or ((),))]
        self.new = [_boxes(layer, number, vocabulary) for number, layer in enumerate(new or ((),))]
        self.others = OtherLayers(self.new[1:])
        boxes = [box for side in (self.old, self.new) for layer in side for box in layer]
        budget = Budget()
        callers = Callers(boxes, budget, [*shared_identities(boxes)] if strangers else None) if principals else None
        self.finder = Finder(vocabulary, callers, budget, strange(boxes) if strangers else None)
        self.vocabulary = vocabulary
        self.old_judge = Judge(old, principals=principals)
        self.new_judge = Judge(new, principals=principals)
        self.undecided: list[Undecided] = []

    def answer(self, *, first: bool) -> Comparison:
        """The answer."""
        cells: list[Cell] = []
        for cell in self._cells(first):
            cells.append(cell)
            if first:
                break
        return Comparison.of(rows_of(cells, self.vocabulary), tuple(dict.fromkeys(self.undecided)))

    def _cells(self, first: bool) -> Iterator[Cell]:
        """Every kind of new request, statement by statement."""
        denies = [box for layer in self.new for box in layer if not box.allow]
        kept = {box.key for box in denies}
        gone = [
            box
            for layer in self.old
            for box in layer
            if not box.allow and box.key not in kept and not any(covers(one, box) for one in denies)
        ]
        limits = self._limits()
        for allow in (box for box in self.new[0] if box.allow):
            if any(covers(deny, allow) for deny in denies):
                continue
            for layer in limits:
                if not any(covers(box, allow) for box in layer):
                    yield from self._statement(allow, (), [*denies, *layer], None, first)
            for deny in gone:
                if allow.mask & deny.mask or deny.but_actions or set("*?") & set("".join(deny.actions)):
                    yield from self._statement(allow, (deny,), denies, deny, first)

    def _limits(self) -> list[list[Box]]:
        """The allows of each old layer, without the layers that the new policies have too."""
        there = [{box.key for box in layer if box.allow} for layer in self.new]
        limits = [[box for box in layer if box.allow] for layer in self.old]
        return [layer for layer in limits if not any(keys <= {box.key for box in layer} for keys in there)]

    def _statement(
        self, allow: Box, beside: tuple[Box, ...], blocks: Sequence[Box], deny: Box | None, first: bool
    ) -> Iterator[Cell]:
        """New requests of one statement (inside ``beside`` too), of known actions, else of names that AWS may add."""
        if any(covers(block, box) for block in blocks for box in (allow, *beside)):
            return
        services = allow.services
        near = [
            box for box in blocks if services is None or box.services is None or not services.isdisjoint(box.services)
        ]
        tried, seen = [], set[tuple[int, str | None]]()
        try:
            for positive in self.others.together((allow, *beside)):
                tried.append(positive)
                for cell in self._of_known(positive, near, deny, first, seen):
                    seen.add((cell.mask, cell.resource))
                    yield cell
        except LimitError as error:
            self.undecided.append(Undecided(allow.place, error.message))
        if not seen:
            for positive in tried:
                yield from self._of_future(positive, near, deny)

    def _of_known(
        self,
        positive: tuple[Box, ...],
        blocks: Sequence[Box],
        deny: Box | None,
        first: bool,
        seen: Container[tuple[int, str | None]],
    ) -> Iterator[Cell]:
        """New requests of known actions, but for the actions and resources that were ``seen`` to be new."""
        try:
            groups = self.finder.groups(positive, blocks, least=first)
        except NotDecidedError as error:
            self.undecided.append(Undecided(positive[0].place, str(error)))
            return
        regions = [] if first else self._regions(positive[0])
        if len(groups) * len(regions) > CELLS or self.finder.budget.spent:
            regions = []
        for group in groups:
            if (group.mask, None) in seen:
                continue
            found = self._solved(positive, group, None)
            if found is None:
                continue
            if len(regions) < 2:
                yield from self._cell(positive, group, found, deny, None)
                continue
            for written, region in regions:
                if (group.mask, written) in seen:
                    continue
                found = self._solved(positive, group, [region])
                if found is not None:
                    yield from self._cell(positive, group, found, deny, written)

    def _of_future(self, positive: tuple[Box, ...], blocks: Sequence[Box], deny: Box | None) -> Iterator[Cell]:
        try:
            for group in self.finder.future(positive, blocks):
                found = self._solved(positive, group, None)
                if found is not None:
                    yield from self._cell(positive, group, found, deny, None)
                    return
        except LimitError as error:
            self.undecided.append(Undecided(positive[0].place, error.message))

    def _regions(self, box: Box) -> list[tuple[str, Pattern]]:
        """The patterns of a statement's Resource, as written and as read; none where there are variables."""
        if box.but_resources or box.variables or not box.resources:
            return []
        read = [pattern(one) for one in Rule(box.place).templates]
        return list(zip(resources_shown(box), read, strict=True))

    def _solved(self, positive: tuple[Box, ...], group: Group, within: Sequence[Pattern] | None) -> Found | None:
        try:
            return self.finder.solve(positive, group.blocks, within)
        except NotDecidedError as error:
            self.undecided.append(Undecided(positive[0].place, str(error)))
        except LimitError as error:
            self.undecided.append(Undecided(positive[0].place, error.message))
        return None

    def _cell(
        self, positive: tuple[Box, ...], group: Group, found: Found, deny: Box | None, resource: str | None
    ) -> Iterator[Cell]:
        """What a request is the sign of, if the evaluator confirms it."""
        action = group.future or self.vocabulary.first(group.mask)
        witness = Witness(action, found.resource, found.context, found.caller)
        if not self.new_judge.allows(witness) or self.old_judge.allows(witness):
            reason = f"the evaluator does not confirm the request {witness.data()}"
            self.undecided.append(Undecided(positive[0].place, reason))
            return
        why, before = NOT_BEFORE, None
        if deny is not None:
            why, before = DENY_GONE, deny.place
        else:
            limited = next((box for box in group.blocks if box.allow and box.atoms and _is_on(box, witness)), None)
            if limited is not None:
                why, before = UNDER_CONDITIONS, limited.place
        yield Cell(positive[0], group.mask, resource, why, before, witness, group.future)


def _is_on(box: Box, witness: Witness) -> bool:
    """Whether a statement is about the resource of a request."""
    test = Rule(box.place).resource
    return test is None or test(witness.resource, witness.context)


def _boxes(layer: Sequence[Policy], number: int, vocabulary: Vocabulary) -> list[Box]:
    usual = Layer.RESOURCE if any(map(names_principals, layer)) else Layer.IDENTITY
    return [
        box_of(Place(Layer.RCP if policy.kind is Kind.RCP else usual, number, policy, at), vocabulary)
        for policy in layer
        for at in range(len(policy.statements))
    ]
