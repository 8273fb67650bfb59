"""AWS's limits of roles, policies and stacks, held against what a project deploys.

What is known only in the deployment (a reference, a parameter) counts as one character, so that what is over a limit
here is over it in AWS. Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html and
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, cast

from scopedown.core.same_objects import SameObjects
from scopedown.core.text import Att, Literal, Ref, Text
from scopedown.iam.size import LIMITS, Quota
from scopedown.project.intrinsics import Scope, is_intrinsic, to_text
from scopedown.project.model import Project, Role
from scopedown.project.roles import referenced_by

RESOURCES: Final = 500
"""Resources of one CloudFormation template."""
NAME: Final = 64
"""Characters of a role's name, and of a Lambda function's
(https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html)."""
INLINE: Final = LIMITS[Quota.ROLE_INLINE].characters
MANAGED: Final = LIMITS[Quota.MANAGED].characters


def characters(document: Any, each: int = 1) -> int:
    """How many characters a policy has, white space left out, where each part that the deployment fills in has
    ``each``: with one, what it has at least.

    >>> characters({"Statement": [{"Action": "s3:GetObject", "Resource": {"Ref": "Bucket"}}]})
    56
    """
    return len("".join(json.dumps(_short(document, each), separators=(",", ":")).split()))


def _short(tree: Any, each: int) -> Any:
    """A tree with so many characters in the place of each part that the deployment fills in."""
    if isinstance(tree, Text) or is_intrinsic(tree):
        text = to_text(tree, Scope())
        return "".join(part.value if isinstance(part, Literal) else "x" * each for part in text.parts)
    if isinstance(tree, Mapping):
        return {str(key): _short(item, each) for key, item in tree.items()}
    if isinstance(tree, list | tuple):
        return [_short(item, each) for item in tree]
    return tree if isinstance(tree, str | int | float | bool) or tree is None else str(tree)


def inline_size(role: Role, project: Project) -> int:
    """How many characters the inline policies of a role have at least, all together."""
    written = role.properties.get("Policies")
    listed = written if isinstance(written, list | tuple) else ()
    documents = [
        mapping["PolicyDocument"] for mapping in listed if isinstance(mapping, Mapping) and "PolicyDocument" in mapping
    ]
    documents += _attached(SameObjects(project)).get(role.id, ())
    return sum(map(characters, documents))


@lru_cache(maxsize=4)
def _attached(key: SameObjects) -> Mapping[str, list[Any]]:
    """The documents of inline policies that are resources, by the ids of the roles that they name."""
    (project,) = cast(tuple[Project], key.objects)
    found: dict[str, list[Any]] = {}
    for resource in project.resources.values():
        if resource.type in ("AWS::IAM::Policy", "AWS::IAM::RolePolicy"):
            roles = resource.properties.get("Roles")
            names = [*(roles if isinstance(roles, list | tuple) else ()), resource.properties.get("RoleName")]
            texts = [to_text(name, Scope()) for name in names if name is not None]
            ids = (referenced_by(text, {part.id: None}) for text in texts for part in text.parts[:1]
                   if isinstance(part, Ref | Att))  # fmt: skip
            for id in dict.fromkeys(ids):
                if id is not None:
                    found.setdefault(id, []).append(resource.properties.get("PolicyDocument"))
    return found


def resources_by_stack(project: Project) -> Counter[str]:
    """How many resources each stack of a project has; the stack of the project file is the empty text."""
    return Counter(id.rpartition("/")[0] for id in project.deployed)


def over(project: Project, before: Project, roles: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """What of a changed project AWS would refuse and did not: the role (empty: the project), why, and the way out."""
    had, has = resources_by_stack(before), resources_by_stack(project)
    for stack, count in has.items():
        if count > RESOURCES >= had[stack]:
            what = stack or "the stack"
            yield "", f"{what} would have {count} resources, and CloudFormation allows {RESOURCES} in one template", (
                "keep one role for all functions: scopedown write --shared; or give functions with equal needs one role"
            )  # fmt: skip
    for id in roles:
        if id in project.roles and (size := inline_size(project.roles[id], project)) > INLINE:
            if id in before.roles and inline_size(before.roles[id], before) > INLINE:
                continue
            yield id, f"its inline policies would have {size} characters, and IAM allows {INLINE} for one role", (
                "write them as managed policies: scopedown write --as managed"
            )  # fmt: skip
        yield from _other(project, before, id)


def _other(project: Project, before: Project, id: str) -> Iterator[tuple[str, str, str]]:
    """The same of the managed policies of one role, and of its name."""
    if id not in project.roles:
        return
    role, old = project.roles[id], before.roles.get(id, Role(id))
    had = dict(managed_sizes(old, before))
    for policy, size in managed_sizes(role, project):
        if size > MANAGED >= had.get(policy, 0):
            yield id, f"{policy} would have {size} characters, and IAM allows {MANAGED} in one managed policy", (
                "spread its statements over several: scopedown write --as managed"
            )  # fmt: skip
    length = name_length(role, project)
    if length > NAME >= name_length(old, before):
        yield id, f"its name would have {length} characters, and IAM allows {NAME}", (
            "give the role a shorter name (iamRoleStatementsName), or write another dialect: --dialect inline"
        )  # fmt: skip


def managed_sizes(role: Role, project: Project) -> Iterator[tuple[str, int]]:
    """The managed policies of the project that a role names, each with how many characters it has at least."""
    for policy in role.managed_policies:
        id = referenced_by(to_text(policy, Scope()), project.resources)
        if id is not None and project.resources[id].type == "AWS::IAM::ManagedPolicy":
            yield id, characters(project.resources[id].properties.get("PolicyDocument"))


def name_length(role: Role, project: Project) -> int:
    """How many characters a role's name has at least; none where CloudFormation makes it."""
    name = to_text(role.properties.get("RoleName") or "", Scope.of(project))
    return sum(len(part.value) for part in name.parts if isinstance(part, Literal))
