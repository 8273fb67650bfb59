"""What several resources say together: attached policies, targets of rules, a bucket's notifications and key.

In: such an instance, and the resources of the template (:class:`Declared`). Out: the resources with what it adds.
Reference: each type's page in https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Att, Ref, Text, Unknown
from scopedown.documents.nodes import ListNode, MapNode
from scopedown.project.terraform.access import items_in
from scopedown.project.terraform.context import Resource
from scopedown.project.terraform.shapes import encryption_of, first, put
from scopedown.project.terraform.values import as_text, list_of, map_of, plain


@dataclass(slots=True)
class Declared:
    """The resources of a template, by their logical ids and by their names."""

    resources: MapNode
    _by_name: dict[tuple[str, str], dict[Text, MapNode]] = field(default_factory=dict)

    def node(self, text: Text) -> MapNode | None:
        """The resource that a text refers to."""
        part = text.parts[0] if len(text.parts) == 1 else None
        found: MapNode | None = self.resources.get(part.id) if isinstance(part, Ref | Att) else None
        return found

    def named(self, text: Text, type: str, name: str) -> MapNode | None:
        """The properties of the resource of a type that a text refers to, or whose name it is."""
        part = text.parts[0] if len(text.parts) == 1 else None
        if isinstance(part, Ref | Att):
            found = self.resources.get(part.id)
            return found["Properties"] if found is not None and found["Type"] == type else None
        if (type, name) not in self._by_name:
            self._by_name[type, name] = {}
            for one in self.resources.values():
                own = one["Properties"].get(name)
                if one["Type"] == type and own is not None:
                    self._by_name[type, name].setdefault(as_text(own), one["Properties"])
        return None if text.unknowns else self._by_name[type, name].get(text)


def put_together(instance: Resource, declared: Declared) -> None:
    """Add what a resource says of another one to that one."""
    add = _ADDED.get(instance.type)
    if add is not None:
        add(instance, declared)


def _attach(instance: Resource, declared: Declared) -> None:
    """Put an attached policy into the roles that it is attached to."""
    _tell_unknown_role(instance, "roles" if instance.argument("role") is None else "role")
    policy, place = plain(instance.argument("policy_arn")), instance.place_of("policy_arn")
    conditions = {*instance.context.may_lack(instance.address)}
    for role in [*items_in(instance.argument("role")), *items_in(instance.argument("roles"))]:
        held = declared.node(as_text(role))
        if conditions - {*(held.get("Condition", ()) if held is not None else ())}:
            maybe = Text.of(as_text(policy), Unknown("count or for_each decides whether it is attached"))
            attach(declared, role, maybe, place)
        else:
            attach(declared, role, policy, place)


def _tell_unknown_role(instance: Resource, argument: str) -> None:
    """Say where a policy is attached to a role that is not known: it may be that of a function."""
    for role in items_in(instance.argument(argument)):
        if unknowns := as_text(role).unknowns:
            instance.context.report(
                "terraform-attachment", instance.place_of(argument), address=instance.address, reason=unknowns[0].reason
            )


def attach(declared: Declared, role: Any, policy: Any, place: Place) -> None:
    """Put a policy's ARN into the role that a value names by a reference or by its name."""
    target = declared.named(as_text(role), "AWS::IAM::Role", "RoleName")
    if target is None:
        return
    held = target.get("ManagedPolicyArns")
    listed = held if isinstance(held, ListNode) else list_of([] if held is None else [held], place)
    listed.append(policy)
    listed.items_at.append(place)
    put(target, "ManagedPolicyArns", listed, place)


def _target(instance: Resource, declared: Declared) -> None:
    rule = declared.named(as_text(instance.argument("rule")), "AWS::Events::Rule", "Name")
    place = instance.place
    if rule is not None:
        held = {"Arn": plain(instance.argument("arn")), "RoleArn": plain(instance.argument("role_arn"))}
        one = map_of({name: value for name, value in held.items() if value is not None}, place)
        listed = rule.get("Targets")
        targets = listed if isinstance(listed, ListNode) else list_of([], place)
        targets.append(one)
        targets.items_at.append(place)
        put(rule, "Targets", targets, place)


def _notify(instance: Resource, declared: Declared) -> None:
    """The functions that a bucket calls."""
    bucket = declared.named(as_text(instance.argument("bucket")), "AWS::S3::Bucket", "BucketName")
    place = instance.place_of("lambda_function")
    calls = [one for one in items_in(instance.argument("lambda_function")) if isinstance(one, Mapping)]
    if bucket is None or not calls:
        return
    listed = [
        map_of({"Event": plain(event), "Function": plain(one.get("lambda_function_arn"))}, place)
        for one in calls
        for event in items_in(one.get("events"))
    ]
    put(bucket, "NotificationConfiguration", map_of({"LambdaConfigurations": list_of(listed, place)}, place), place)


def _encrypt(instance: Resource, declared: Declared) -> None:
    """The key of a bucket."""
    bucket = declared.named(as_text(instance.argument("bucket")), "AWS::S3::Bucket", "BucketName")
    if bucket is not None:
        encryption_of(instance, first(instance.argument("rule")), bucket, "rule")


_ADDED: Final[Mapping[str, Callable[[Resource, Declared], None]]] = {
    "aws_iam_role_policy": lambda instance, declared: _tell_unknown_role(instance, "role"),
    "aws_iam_role_policy_attachment": _attach,
    "aws_iam_policy_attachment": _attach,
    "aws_cloudwatch_event_target": _target,
    "aws_s3_bucket_notification": _notify,
    "aws_s3_bucket_server_side_encryption_configuration": _encrypt,
}
