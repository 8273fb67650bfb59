"""The permissions boundary of a project's roles: exactly what the template gives them, and so the most they may get.

In: the compiled template. Out: one policy document, for a role has one boundary alone. Whoever deploys under it cannot
give a function more than was reviewed, whatever the template says next; a function that needs more needs a new boundary
first, made by somebody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scopedown.catalog.model import Catalog
from scopedown.core.text import Text
from scopedown.deploy.model import DeployPermission, Unresolved
from scopedown.deploy.names import Namer
from scopedown.deploy.target import target_of
from scopedown.generate.document import MANAGED_CHARACTERS, VERSION, size
from scopedown.project.intrinsics import is_intrinsic
from scopedown.project.model import DeclaredResource, Project, Tree

DOCUMENTS = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
"""Types that give roles permissions beside the role itself."""
ROLE = "AWS::IAM::Role"
EXACT = ("iam", "sts", "organizations", "account")
"""Services that are never widened to all of their actions: with them a role makes itself another one."""
_AWS_POLICY = ":iam::aws:policy/"


@dataclass(slots=True)
class _Found:
    statements: list[dict[str, Any]] = field(default_factory=list)
    unresolved: dict[Unresolved, None] = field(default_factory=dict)

    def tell(self, one: DeclaredResource, reason: str, effect: str, remedy: str = "") -> None:
        self.unresolved[Unresolved(one.logical_id, reason, effect, one.place, remedy)] = None


def boundary_document(project: Project, catalog: Catalog) -> tuple[dict[str, Any], tuple[Unresolved, ...]]:
    """The boundary, and what of the roles' permissions could not be told exactly.

    Where all statements are too long for one policy, services stand in for actions and everything for their resources,
    but for those of :data:`EXACT`, and that is told.
    """
    from scopedown.deploy.documents import documents

    namer, found = Namer.of(project, target_of(project), catalog), _Found()
    for resource in project.deployed.values():
        if resource.type == ROLE:
            _of_role(resource, namer, found)
        elif resource.type in DOCUMENTS:
            _add(resource.properties.get("PolicyDocument"), resource, namer, found)
    plain = [
        statement
        for statement in found.statements
        if set(statement) == {"Effect", "Action", "Resource"} and _allows(statement)
    ]
    other = [statement for statement in found.statements if statement not in plain]
    permissions = [DeployPermission(action, tuple(one["Resource"]), ()) for one in plain for action in one["Action"]]
    joined = documents(permissions, 10**9)[0]["Statement"] if permissions else []
    document = {
        "Version": VERSION,
        "Statement": [*joined, *(one for n, one in enumerate(other) if one not in other[:n])],
    }
    if size(document) > MANAGED_CHARACTERS:
        document = {"Version": VERSION, "Statement": list(_by_service(document["Statement"]))}
        effect = f"it allows every action of the services that roles use on any resource, except {', '.join(EXACT)}"
        reason = f"the roles' policies exceed the {MANAGED_CHARACTERS:,} characters of one managed policy"
        found.unresolved[Unresolved("boundary", reason, effect)] = None
    if not document["Statement"]:
        # A policy needs a statement, and roles that are given nothing may have nothing.
        document["Statement"] = [{"Effect": "Deny", "Action": ["*"], "Resource": ["*"]}]
    return document, tuple(found.unresolved)


def _allows(one: Mapping[str, Any]) -> bool:
    return bool(one["Effect"] == "Allow")


def _of_role(one: DeclaredResource, namer: Namer, found: _Found) -> None:
    policies = one.properties.get("Policies")
    for policy in policies if isinstance(policies, Sequence) and not isinstance(policies, str) else ():
        _add(policy.get("PolicyDocument") if isinstance(policy, Mapping) else None, one, namer, found)
    managed = one.properties.get("ManagedPolicyArns")
    for written in managed if isinstance(managed, Sequence) and not isinstance(managed, str) else ():
        arn = namer.text(written, one.logical_id)
        known = namer.catalog.managed_policy(arn) if _AWS_POLICY in arn else None
        is_own = isinstance(written, Mapping) and any(
            namer.resources.get(str(id), one).type == DOCUMENTS[1] for id in written.values()
        )
        if known is not None and known.is_named(arn):
            own = [_of_partition(statement, arn) for statement in known.statements]
            if size({"Version": VERSION, "Statement": own}) <= MANAGED_CHARACTERS:
                found.statements += own
            else:
                reason = f"{arn} exceeds the {MANAGED_CHARACTERS:,} characters of one managed policy"
                remedy = "add what the role needs to the boundary"
                found.tell(one, reason, "the boundary does not allow it", remedy)
        elif not is_own:
            found.tell(one, f"what {arn} allows is unknown", "the boundary does not allow it",
                       "add its statements to the boundary")  # fmt: skip


def _of_partition(statement: Mapping[str, Any], policy: str) -> dict[str, Any]:
    """A statement of a policy of AWS's, its elements as lists, with ARNs of the policy's partition."""
    made: dict[str, Any] = {}
    partition = f"{policy.partition(_AWS_POLICY)[0]}:"
    for element, value in statement.items():
        if element in ("Action", "NotAction", "Resource", "NotResource"):
            listed = [value] if isinstance(value, str) else value
            made[element] = [one.replace("arn:aws:", partition) for one in listed]
        elif element != "Sid":
            made[element] = value
    return made


def _add(document: Tree, one: DeclaredResource, namer: Namer, found: _Found) -> None:
    statements = document.get("Statement") if isinstance(document, Mapping) and not is_intrinsic(document) else None
    if isinstance(statements, Mapping):
        statements = [statements]
    if statements is None or isinstance(statements, str | Text) or not isinstance(statements, Sequence):
        if document is not None:
            found.tell(one, "a policy's statements cannot be read", "the boundary allows none of them")
        return
    for statement in statements:
        if not isinstance(statement, Mapping) or is_intrinsic(statement) or "Effect" not in statement:
            found.tell(one, "a statement cannot be read", "the boundary does not allow it")
            continue
        found.statements.append(_statement(statement, one, namer, found))


def _statement(statement: Mapping[str, Tree], one: DeclaredResource, namer: Namer, found: _Found) -> dict[str, Any]:
    """A statement with every value as text. An open one is told; where a condition is open, it is left out."""
    made: dict[str, Any] = {}
    for element in ("Effect", "Action", "NotAction", "Resource", "NotResource"):
        if element in statement:
            texts = list(dict.fromkeys(_texts(statement[element], one.logical_id, namer)))
            made[element] = texts[0] if element == "Effect" else texts
    conditions = statement.get("Condition")
    for operator, keys in conditions.items() if isinstance(conditions, Mapping) else ():
        for key, value in keys.items() if isinstance(keys, Mapping) else ():
            texts = list(_texts(value, one.logical_id, namer))
            if "*" in texts:
                found.tell(one, f"the value of {key} is not known", "the boundary allows it with any value")
            else:
                made.setdefault("Condition", {}).setdefault(str(operator), {})[str(key)] = texts
    return made


def _texts(tree: Tree, inside: str, namer: Namer) -> Iterator[str]:
    if isinstance(tree, Sequence) and not isinstance(tree, str | Text):
        for item in tree:
            yield from _texts(item, inside, namer)
    else:
        yield namer.text(tree, inside) or "*"


def _by_service(statements: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Statements with whole services for actions; denies and :data:`EXACT` as they are."""
    services: dict[str, None] = {}
    for statement in statements:
        if not _allows(statement) or "Action" not in statement:
            yield dict(statement)
            continue
        exact = [
            action for action in statement["Action"] if action.partition(":")[0].lower() in EXACT or ":" not in action
        ]
        if exact:
            yield {**statement, "Action": exact}
        services.update({action.partition(":")[0]: None for action in statement["Action"] if action not in exact})
    if services:
        yield {"Effect": "Allow", "Action": [f"{name}:*" for name in sorted(services)], "Resource": ["*"]}
