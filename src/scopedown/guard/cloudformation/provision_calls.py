"""What CloudFormation asks IAM for one resource whose properties are known: actions, ARNs, contexts.

In: a type, its resolved properties, what is done with it. Out: :class:`~scopedown.guard.model.Check`. The tables are
those that the deployment policy is made from (``scopedown.deploy``, ``types/SERVICE.tsv``): what is open in a policy
because the template does not tell it, is told here, by the name and the id of the thing made. A part that only the
service knows (the id of what is about to be made) is stood in for.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from scopedown.catalog.load import catalog
from scopedown.core.arn import service_of
from scopedown.core.place import Place as InFile
from scopedown.deploy.model import DeployPermission, Phase, ResourceProperty
from scopedown.deploy.names import Namer
from scopedown.deploy.resources import OWN_TAGS, TAGS, StackTags, resource_permissions
from scopedown.deploy.target import Target
from scopedown.guard.checks import STAND_INS
from scopedown.guard.cloudformation.driver import Place, tags_of
from scopedown.guard.cloudformation.template import Made
from scopedown.guard.model import Check
from scopedown.iam.wildcard import matching
from scopedown.project.intrinsics import Scope
from scopedown.project.model import DeclaredResource, Project

STACK_TAGS = "stack tags"
"""How the engine says that the stack's tags differ."""
MANY = ("ForAnyValue:", "ForAllValues:")
_STAR = re.compile(r"\*")


@lru_cache(maxsize=64)
def _namer(stack: str, account: str, region: str) -> Namer:
    partition = "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
    project = Project("", "", "cloudformation", stack, "", region, ())
    return Namer(project, Target(partition, region, account, stack, stack, ""), catalog(), Scope(), {})


def arn_of(type: str, place: Place, properties: Mapping[str, Any], id: str = "") -> str:
    """The ARN of a resource; empty where nothing tells its format. ``id`` stands where the service makes one."""
    resource = DeclaredResource(place.logical_id, type, properties, InFile(""))
    arn = _namer(place.stack, place.account, place.region).arn(resource)
    return "" if arn == "*" else told(arn, properties, id)


def checks_of(
    type: str,
    phase: Phase,
    place: Place,
    properties: Mapping[str, Any],
    made: Made | None = None,
    changed: frozenset[str] = frozenset(),
    id: str = "",
) -> Iterator[Check]:
    """What must be allowed to create, update or delete a resource, each check once.

    ``changed``: of an update, the properties that differ; what is asked for others is not asked. ``id``
    stands for the id of what is about to be made.
    """
    if made is not None:
        properties = {**{name: made.properties[name] for name in changed if name in made.properties}, **properties}
    kept = {"DeletionPolicy": made.deletion_policy} if made is not None else {}
    resource = DeclaredResource(place.logical_id, type, properties, InFile(""), attributes=kept)
    tags = StackTags(framework=bool(place.tags), project=STACK_TAGS in changed)
    namer = _namer(place.stack, place.account, place.region)
    namer.told.clear()
    id = made.physical if made else id or str(uuid.uuid4())
    arn_made = _arn_made(made) if made else ""
    seen = set()
    own = tags_of(place, properties)
    for permission in resource_permissions(resource, (phase,), tags, namer):
        if not isinstance(permission, DeployPermission) or (phase is Phase.UPDATE and not _is_due(permission, changed)):
            continue
        context = {
            "aws:RequestedRegion": place.region,
            **_tagging(permission.action, phase, own),
            **_context(permission),
        }
        for arn in _told(permission.resources, properties, id, arn_made):
            key = (permission.action, arn, str(sorted(context.items(), key=str)))
            if key not in seen:
                seen.add(key)
                yield Check(permission.action, arn, context)


def _is_due(one: DeployPermission, changed: frozenset[str]) -> bool:
    """Whether an update asks it: always, or only as a property that is named as its cause differs."""
    for because in one.because:
        assert isinstance(because, ResourceProperty)
        terms = [term.strip() for term in because.property.split(",") if term.strip()]
        if not terms or any(_has_changed(term, changed) for term in terms):
            return True
    return False


def _has_changed(term: str, changed: frozenset[str]) -> bool:
    if term in (TAGS, OWN_TAGS):
        return any(name == STACK_TAGS or name.endswith("Tags") for name in changed)
    return re.split(r"[.\[]", term)[0] in changed


def _arn_made(made: Made) -> str:
    """The ARN that a resource got, where it told one."""
    said = (made.physical, *(str(value) for name, value in made.attributes.items() if name.endswith(("Arn", "ARN"))))
    return next((one for one in said if one.startswith("arn:") and "*" not in one), "")


def _told(arns: Sequence[str], properties: Mapping[str, Any], id: str, made: str) -> list[str]:
    """ARNs without a wildcard. Where a row tells one ARN whole, its wider ones are other ways to say the same."""
    whole = [arn for arn in arns if "*" not in arn and "??" not in arn]
    return whole or [made if arn != "*" and matching(arn)(made) else told(arn, properties, id) for arn in arns]


def told(arn: str, properties: Mapping[str, Any], id: str) -> str:
    """An ARN with what stands for each wildcard: the parent that a property names, last the resource's own id.

    >>> told("arn:aws:apigateway:us-east-1::/restapis/*/authorizers/*", {"RestApiId": "r1"}, "a1")
    'arn:aws:apigateway:us-east-1::/restapis/r1/authorizers/a1'
    """
    if arn == "*":
        return arn
    service = service_of(arn)
    if arn.endswith(":*") and service in STAND_INS:
        arn = f"{arn[:-1]}{STAND_INS[service]}"
    pieces = _STAR.split(arn)
    own = re.split(r"[/:|]", id)[-1] if id else str(uuid.uuid4())
    found = pieces[0]
    for number, piece in enumerate(pieces[1:], 1):
        found += (own if number == len(pieces) - 1 else _parent(found, properties) or own) + piece
    return re.sub(r"\?+", lambda match: (uuid.uuid4().hex * 4)[: len(match[0])], found)


def _parent(before: str, properties: Mapping[str, Any]) -> str:
    """The id of a parent, which stands behind its kind (``restapis/``), by the property ``RestApiId``."""
    kind = re.split(r"[/:]", before.rstrip("/:"))[-1].rstrip("s").lower()
    for name, value in properties.items():
        if kind and isinstance(value, str) and name.lower() in (f"{kind}id", f"{kind}name", kind):
            return re.split(r"[/:]", value)[-1]
    return ""


def _context(one: DeployPermission) -> dict[str, object]:
    """The condition keys that the call carries, by the conditions of the row."""
    found: dict[str, object] = {}
    for operator, keys in one.conditions.items():
        for key, values in keys.items():
            shown = [_STAR.sub("x", value) if value != "*" else "x" for value in values]
            found[key] = shown if operator.startswith(MANY) else shown[0]
    return found


def _tagging(action: str, phase: Phase, tags: Mapping[str, str]) -> dict[str, object]:
    """The tags that an action brings, or those of the resource that it is done to."""
    known = catalog().action(action)
    keys = {key.lower() for key in known.condition_keys} if known else set()
    found: dict[str, object] = {}
    if phase is not Phase.DELETE and tags and "aws:tagkeys" in keys:
        found["aws:TagKeys"] = list(tags)
        found |= {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    if phase is not Phase.CREATE and any(key.startswith("aws:resourcetag/") for key in keys):
        found |= {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    return found
