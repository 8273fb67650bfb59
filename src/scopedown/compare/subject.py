"""A role beside what the functions that assume it need: all that a rule looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from scopedown.catalog.model import Catalog
from scopedown.compare.access.limits import NO_LIMITS, Limits
from scopedown.compare.arn_normalization import Comparable, at_home, texts
from scopedown.compare.asked_of import may_be_asked_of
from scopedown.compare.doubt import Doubt, doubt_of, why_kept
from scopedown.compare.grant_prefilter import (
    opened,
    plainly_covered,
    relevant,
    resources_of,
    surely_not_covered,
)
from scopedown.compare.need_index import NeedIndex
from scopedown.compare.statement import Declared, Need, has_wildcard, is_template, refusal
from scopedown.compare.template_inputs import may_be
from scopedown.core.place import Place
from scopedown.core.text import ANY, Literal, Text, Unknown
from scopedown.core.text_slicing import split
from scopedown.iam.coverage import Grant
from scopedown.iam.decided import decided, possibly
from scopedown.iam.document import Condition
from scopedown.iam.errors import PolicyError
from scopedown.iam.parse import parse_policy
from scopedown.iam.wildcard import among, matching
from scopedown.permissions.cycles import whole
from scopedown.permissions.log_groups import HABITUAL
from scopedown.permissions.managed_policies import allowed_by
from scopedown.permissions.merge import merge
from scopedown.permissions.model import Certainty, RequiredPermission
from scopedown.project.cloudformation.undecided import undecided
from scopedown.project.intrinsics import Scope
from scopedown.project.model import DeclaredStatement, Role
from scopedown.project.roles import referenced
from scopedown.project.stand_ins import has_stand_in
from scopedown.scan import FunctionScan, ProjectScan

_MOST_POLICIES = 25
"""More managed policies than anybody may attach to one role: no more of them are compared."""


@dataclass(frozen=True)
class Subject:
    """One role that functions of the project assume."""

    scan: ProjectScan
    role: Role
    functions: tuple[FunctionScan, ...]
    catalog: Catalog
    comparable: Comparable
    limits: Limits = NO_LIMITS
    """What the project's settings forbid."""
    is_first: bool = False
    """Whether it is the first of its project: what concerns the project as a whole is told with it."""

    @property
    def files(self) -> tuple[str, ...]:
        """The files in which the project says what it says of functions and roles."""
        project = self.scan.project
        statements = (statement.place for role in project.roles.values() for statement in role.statements)
        places = (
            *statements,
            *(function.place for function in project.functions),
            *(one.place for one in project.roles.values()),
        )
        return tuple(dict.fromkeys(place.file for place in places if place is not None))

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """Everything that the functions need of the role."""
        found = []
        for function in self.functions:
            for said in function.permissions:
                permission = whole(function.function, said, self.scan.project)
                for resource in permission.resources:
                    known = not resource.arn.unknowns and resource.certainty is not Certainty.UNKNOWN
                    forms = self.comparable.needs(resource.arn)
                    in_part = not known and resource.certainty is Certainty.PATTERN
                    found.append(Need(function, permission, resource.arn, forms, known, in_part))
        return tuple(found)

    @cached_property
    def asked(self) -> NeedIndex:
        """The needs, to be found by what they are for."""
        return NeedIndex(self.needs)

    @cached_property
    def otherwise(self) -> Subject | None:
        """The role as it may be with other parameters than the defaults that nobody gave; None where it is the same."""
        project = self.scan.project
        open_ = undecided(project.parameters, project.given_parameters)
        if open_ == project.parameters and self.role.otherwise is None:
            return None
        scan = replace(self.scan, project=replace(project, parameters=open_))
        comparable = replace(self.comparable, project=scan.project)
        return replace(self, scan=scan, comparable=comparable, role=self.role.otherwise or self.role)

    @cached_property
    def declared(self) -> tuple[Declared, ...]:
        """The role's statements."""
        return tuple(self._declared(statement) for statement in self.role.statements)

    @cached_property
    def regions(self) -> Mapping[str, Subject]:
        """By each region that the code names: the role of a stack that is deployed to another region than that. Empty
        where the project or the user says where the stack deploys."""
        if self.comparable.says_region:
            return {}
        named = dict.fromkeys(region for need in self.needs if (region := _region_of(need.arn)))
        return {region: self._deployed_to(next(one for one in _REGIONS if one != region)) for region in named}

    def _deployed_to(self, region: str) -> Subject:
        project = replace(self.scan.project, region=region, given_region=region)
        comparable = replace(self.comparable, project=project)
        return replace(self, scan=replace(self.scan, project=project), comparable=comparable)

    def alone(self, *functions: FunctionScan) -> Subject:
        """The role as if these functions alone assumed it; what the role itself says is not worked out again."""
        found = replace(self, functions=functions)
        vars(found).update(
            declared=self.declared, managed=self.managed, grants=self.grants, plain=self.plain, _known=self._known
        )
        return found

    def acting(self, action: str) -> tuple[Declared, ...]:
        """The statements of which a pattern of actions matches an action."""
        wanted, known = action.lower(), self._known[0]
        if wanted not in known:
            known[wanted] = tuple(one for one in self.declared if among(one.actions, wanted))
        return known[wanted]

    def _with_say(self, action: str, grants: tuple[Grant, ...]) -> tuple[Grant, ...]:
        """Of the role's own grants, those that have a say in an action; others are given back as they are."""
        if grants is not self.grants and grants is not self.plain:
            return grants
        key, known = (grants is self.grants, action.lower()), self._known[1]
        if key not in known:
            known[key] = tuple(
                one for one in grants if one.but_actions or one.but_resources or among(one.actions, key[1])
            )
        return known[key]

    @cached_property
    def _known(self) -> tuple[dict[str, tuple[Declared, ...]], dict[tuple[bool, str], tuple[Grant, ...]]]:
        """By action: the statements that match it, and the grants that have a say in it."""
        return {}, {}

    def place_of(self, one: Declared) -> Place:
        """Where a statement stands; that of its role or its first function, where nothing tells."""
        return one.statement.place or self.role.place or self.functions[0].function.place

    def from_template(self, one: Declared) -> bool:
        """Whether a statement is what SAM makes of a policy template: nobody wrote it, and it cannot be spliced."""
        place = one.statement.place
        if self.scan.project.framework not in ("sam", "cloudformation") or place is None:
            return False
        return is_template(self.comparable.lines(place.file), place)

    def is_of_template(self, one: Declared) -> bool:
        """Whether the wildcards of a statement are those of a policy template of SAM's, and not written in it."""
        place = one.statement.place
        if place is None or not self.from_template(one):
            return False
        return not has_wildcard(self.comparable.lines(place.file), place)

    def is_idle_template(self, one: Declared) -> bool:
        """Whether no statement of a policy template of SAM's is needed on any of its resources."""
        beside = [other for other in self.declared if other.statement.place == one.statement.place]
        known = all(other.grant for other in beside)
        return known and not any(any(self.touches(other, forms)) for other in beside for _, forms in other.resources)

    @cached_property
    def managed(self) -> tuple[tuple[Grant, ...], bool]:
        """What managed policies allow and deny, and whether all of them are known."""
        grants: list[Grant] = []
        policies = self.role.managed_policies
        complete = len(policies) <= _MOST_POLICIES
        for policy in policies[:_MOST_POLICIES]:
            texts_ = self.comparable.declares(policy)
            found = allowed_by(str(texts_[0]))
            if found is None and not self.is_declared(policy):
                complete = False
            grants += map(self.placed, found or ())
        return tuple(grants), complete

    def placed(self, grant: Grant) -> Grant:
        """A grant of a managed policy, whose ARNs name accounts of AWS's at times, as this project's are compared."""
        if all(str(resource) == "*" for resource in grant.resources):
            return grant
        placed = (
            resource if isinstance(resource, str) else self.comparable.placed(resource) for resource in grant.resources
        )
        return replace(grant, resources=tuple(placed))

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """All that the role's statements and managed policies say, as far as it is known."""
        return (*(one.grant for one in self.declared if one.grant), *self.managed[0])

    @cached_property
    def plain(self) -> tuple[Grant, ...]:
        """The statements that allow whatever the request's context, and what managed policies allow."""
        own = (one.grant for one in self.declared if one.grant and not one.grant.conditions)
        return tuple(grant for grant in (*own, *self.managed[0]) if grant.effect == "Allow")

    @cached_property
    def unconditional(self) -> tuple[Grant, ...]:
        """The same as if the conditions of every Allow held."""
        return tuple(
            replace(one, conditions=()) if one.effect == "Allow" and one.conditions else one for one in self.grants
        )

    @property
    def complete(self) -> bool:
        """Whether everything that the role allows is known."""
        open_statement = any(one.grant is None for one in self.declared)
        return self.role.declared and not open_statement and self.managed[1]

    def covered(self, need: Need, grants: tuple[Grant, ...] | None = None) -> str:
        """Whether the role (or these grants) covers a need: ``yes``, ``partly`` or ``no``."""
        if grants is None:
            grants = self.grants
        best = "no"
        grants = self._with_say(need.permission.action, grants)
        for form in need.forms:
            near = [*relevant(need.permission.action, form, grants)]
            if plainly_covered(form, near):
                return "yes"
            answer = decided(need.permission.action, form, near, need.permission.conditions) if near else "no"
            if answer in ("yes", None):
                return answer or "partly"
            best = "partly" if answer == "partly" else best
        return best if need.known or best == "partly" else self._may_cover(need, grants)

    @staticmethod
    def _may_cover(need: Need, grants: tuple[Grant, ...]) -> str:
        """Whether a need whose resource is not known may be what a grant's reference turns out to be."""
        allowing = tuple(resources_of(grant).opened for grant in grants if grant.effect == "Allow")
        near = [(form, [*relevant(need.permission.action, form, allowing)]) for form in map(opened, need.forms)]
        if any(plainly_covered(form, some) for form, some in near):
            return "partly"
        answers = (decided(need.permission.action, form, some) for form, some in near if some)
        return "partly" if any(answer != "no" for answer in answers) else "no"

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of the functions."""
        return tuple(function.function.key for function in self.functions)

    def needed_by(self, pattern: str) -> set[str]:
        """The needed actions that a pattern of actions matches."""
        fits = matching(pattern.lower())
        return {action for action in self.asked.by_action if fits(action.lower())}

    def is_unused(self, pattern: str) -> bool:
        """Whether a pattern of actions matches nothing that is needed or may be."""
        if self.needed_by(pattern) or self.is_habitual(pattern):
            return False
        doubt = self.doubt
        return not (doubt.why(pattern) or doubt.why_key(pattern) or doubt.is_documented(pattern))

    def is_habitual(self, action: str) -> bool:
        """Whether every framework grants an action beside those that the functions' logs need: it is no finding."""
        return action in HABITUAL and "logs:CreateLogStream" in self.asked.by_action

    @cached_property
    def doubt(self) -> Doubt:
        """What the functions may need beside what is known."""
        return doubt_of(self.functions, self.scan.project)

    def touches(self, one: Declared, forms: tuple[Text, ...]) -> Iterator[bool]:
        """For each need of a statement's actions, whether these forms of a resource allow some of it."""
        grant = Grant("Allow", one.actions, forms)
        for need in self.asked.near(one.actions, forms):
            action = need.permission.action
            may = may_be(action, need.forms, grant) or may_be_asked_of(action, (grant,))
            yield may or self.covered(need, (grant,)) != "no"

    def is_of_any_type(self, one: Declared) -> bool:
        """Whether a need of a statement's actions may be on a resource of another type: nothing tells which it is."""
        for action, needs in self.asked.by_action.items():
            known = self.catalog.action(action) if among(one.actions, action.lower()) else None
            if known and len(known.resource_types) > 1 and any(map(_is_open, needs)):
                return True
        return False

    def narrower(self, one: Declared, forms: tuple[Text, ...]) -> tuple[Text, ...]:
        """The needed resources that a wildcard of a statement is for, where all of them are narrower than it.

        Of a name that is known in part, only what stands before the first part that is not known counts: who allows
        ``uploads/*`` where the code has ``uploads/*/*`` has narrowed it well enough.
        """
        grant = (Grant("Allow", one.actions, forms),)
        used = [need for need in self.asked.near(one.actions, forms) if self.covered(need, grant) != "no"]
        if not used or not all((need.known or need.in_part) and self.covered(need, grant) == "yes" for need in used):
            return ()
        for action in {need.permission.action for need in used}:
            of_action = tuple(
                form if need.known else _begun(form)
                for need in used
                if need.permission.action == action
                for form in need.forms
            )
            of_action += tuple(_unqualified(form) for form in of_action)
            needs = (Grant("Allow", (action,), of_action),)
            if any(self._covers(action, at_home(form, self.scan.project), needs) for form in forms):
                return ()
        return tuple(need.arn for need in used)

    def instead_of(self, gone: Sequence[Declared]) -> tuple[RequiredPermission, ...] | None:
        """What the functions need of these statements and of no other; None where they need an unknown part of it."""
        inside = tuple(one.grant for one in gone if one.grant)
        outside = tuple(one.grant for one in self.declared if one not in gone and one.grant) + self.managed[0]
        wanted = []
        for need in self.needs:
            answer = "no" if self.covered(need, outside) == "yes" else self.covered(need, inside)
            if answer == "partly":
                return None
            if answer == "yes":
                wanted.append(need.only)
        return merge(wanted)

    def may_need(self, one: Declared) -> bool:
        """Whether something that was not seen, or not understood, may need an action of a statement."""
        return bool(self.doubt.why(one.actions))

    def is_possible(self, pattern: str) -> bool:
        """Whether something that was not seen, or not understood, may need an action of a pattern."""
        return bool(self.doubt.why(pattern))

    @staticmethod
    def _covers(action: str, form: Text, grants: tuple[Grant, ...]) -> bool:
        near = [*relevant(action, form, grants)]
        if not near or surely_not_covered(form, near):
            return False
        return plainly_covered(form, near) or possibly(action, form, near)

    def is_declared(self, policy: object) -> bool:
        """Whether a managed policy is the project's own: its statements are among the role's."""
        return referenced(policy, Scope(), self.scan.project.resources) is not None  # type: ignore[arg-type]

    def _declared(self, one: DeclaredStatement) -> Declared:
        written = one.statement
        listed = (action for action in texts(written.get("Action")) if isinstance(action, str))
        actions = tuple(action for action in listed if not has_stand_in(action))
        resources = tuple((item, self.comparable.declares(item)) for item in texts(written.get("Resource")))
        refused = refusal(written) if one.added_by == "project" else None
        kept = why_kept(one, Scope.of(self.scan.project))
        return Declared(one, actions, resources, self._grant(one, actions, resources), refused, kept)

    def _grant(
        self,
        one: DeclaredStatement,
        actions: tuple[str, ...],
        resources: tuple[tuple[object, tuple[Text, ...]], ...],
    ) -> Grant | None:
        """A statement as a grant; None where a part of it cannot be told. One that the deployment may leave out has a
        condition of which nobody knows whether it holds."""
        written = one.statement
        plain = {"Sid", "Effect", "Action", "Resource", "Condition"}
        listed = list(texts(written.get("Action")))
        if written.get("Effect") not in ("Allow", "Deny"):
            return None
        if set(written) - plain or len(listed) != len(actions) or not actions or not resources:
            return None
        forms = tuple(form for _, one in resources for form in one)
        if any(form.unknowns for form in forms):
            return None
        conditions: tuple[Condition, ...] = ()
        if written.get("Condition"):
            try:
                policy = parse_policy({"Statement": {**_texted(written), "Resource": "*"}})
            except PolicyError:
                return None
            conditions = policy.statements[0].condition
        if one.chosen:
            conditions = (*conditions, _CHOSEN)
        return Grant("Deny" if written.get("Effect") == "Deny" else "Allow", actions, forms, conditions)


_CHOSEN: Final = Condition("StringEquals", "deployment:Condition", ("true",))
"""Stands for the condition of a template that decides whether a statement is there."""


_REGIONS: Final = ("us-east-1", "eu-west-1")
"""Regions for a stack whose region nobody says: one of them is not that of a client."""


def _region_of(arn: Text) -> str:
    """The region that an ARN names; empty where it names none, or a part of one."""
    fields = split(arn, ":", 5)
    named = fields[3].literal if len(fields) > 5 else None
    return named if named and "*" not in named else ""


def _is_open(need: Need) -> bool:
    return any(resource.certainty is Certainty.UNKNOWN for resource in need.permission.resources)


def _begun(form: Text) -> Text:
    """A text up to its first unknown part, and anything behind it."""
    first = next((at for at, part in enumerate(form.parts) if isinstance(part, Unknown)), None)
    return form if first is None else Text((*form.parts[:first], ANY))


def _unqualified(form: Text) -> Text:
    """An ARN without the qualifier (a version, a stream of a log group) that a need has as ``:*``."""
    if form.parts and isinstance(last := form.parts[-1], Literal) and last.value.endswith(":*"):
        return Text.of(*form.parts[:-1], last.value[:-2])
    return form


def _texted(written: Mapping[str, object]) -> dict[str, object]:
    return {key: written[key] for key in ("Effect", "Action", "Condition")}


def subjects(
    scan: ProjectScan, catalog: Catalog, overlay: Mapping[Path, str] | None = None, limits: Limits = NO_LIMITS
) -> Iterator[Subject]:
    """Every role that scanned functions assume, in the order of the functions; ``overlay`` are the texts that the
    project was loaded with in the place of its files', ``limits`` those of its settings."""
    comparable = Comparable(scan.project, catalog, overlay or {})
    by_role: dict[str, list[FunctionScan]] = {}
    for function in scan.functions:
        by_role.setdefault(function.function.role, []).append(function)
    known = {id: functions for id, functions in by_role.items() if id in scan.project.roles}
    for number, (id, functions) in enumerate(known.items()):
        yield Subject(scan, scan.project.roles[id], tuple(functions), catalog, comparable, limits, not number)
