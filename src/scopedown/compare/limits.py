"""AWS's limits of roles, policies and stacks, held against what a project deploys.

What is known only in the deployment (a reference, a parameter) counts as one character, so that what is over a limit
here is over it in AWS. Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html and
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.text import Literal, Text
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


def characters(document: Any) -> int:
    """How many characters a policy has at least, white space left out.

    >>> characters({"Statement": [{"Action": "s3:GetObject", "Resource": {"Ref": "Bucket"}}]})
    56
    """
    return len("".join(json.dumps(_short(document), separators=(",", ":")).split()))


def _short(tree: Any) -> Any:
    """A tree with one character in the place of each part that the deployment fills in."""
    if isinstance(tree, Text) or is_intrinsic(tree):
        text = to_text(tree, Scope())
        return "".join(part.value if isinstance(part, Literal) else "x" for part in text.parts)
    if isinstance(tree, Mapping):
        return {str(key): _short(item) for key, item in tree.items()}
    if isinstance(tree, list | tuple):
        return [_short(item) for item in tree]
    return tree if isinstance(tree, str | int | float | bool) or tree is None else str(tree)


def inline_size(role: Role, project: Project) -> int:
    """How many characters the inline policies of a role have at least, all together."""
    written = role.properties.get("Policies")
    listed = written if isinstance(written, list | tuple) else ()
    documents = [one["PolicyDocument"] for one in listed if isinstance(one, Mapping) and "PolicyDocument" in one]
    documents += _attached(role, project)
    return sum(map(characters, documents))


def _attached(role: Role, project: Project) -> Iterator[Any]:
    """The documents of inline policies that are resources and name the role."""
    for resource in project.resources.values():
        if resource.type in ("AWS::IAM::Policy", "AWS::IAM::RolePolicy"):
            roles = resource.properties.get("Roles")
            names = [*(roles if isinstance(roles, list | tuple) else ()), resource.properties.get("RoleName")]
            if any(referenced_by(to_text(one, Scope()), {role.id: None}) for one in names if one is not None):
                yield resource.properties.get("PolicyDocument")


def resources_by_stack(project: Project) -> Counter[str]:
    """How many resources each stack of a project has; the stack of the project file is the empty text."""
    return Counter(id.rpartition("/")[0] for id in project.deployed)


def over(project: Project, before: Project, roles: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """What of a changed project AWS would refuse and did not: the role (empty: the project), why, and the way out."""
    had, has = resources_by_stack(before), resources_by_stack(project)
    for stack, count in has.items():
        if count > RESOURCES >= had[stack]:
            what = stack or "the stack"
            yield "", f"{what} would have {count} resources, and CloudFormation takes {RESOURCES} of one template", (
                "keep one role for all functions: scopedown write --shared"
            )  # fmt: skip
    for id in roles:
        if id in project.roles and (size := inline_size(project.roles[id], project)) > INLINE:
            if id in before.roles and inline_size(before.roles[id], before) > INLINE:
                continue
            yield id, f"its inline policies would have {size} characters, and IAM takes {INLINE} of one role", (
                "write some of its statements as managed policies by hand"
            )  # fmt: skip
