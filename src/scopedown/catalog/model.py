"""Facts about AWS, as the other stages see them: services, operations, actions, ARNs, CloudFormation types.

Three words that are never mixed: an *operation* is the API's (``ListObjectsV2``), a *method* is an SDK's
(``list_objects_v2``), an *action* is IAM's (``s3:ListBucket``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Service:
    """One service of the SDKs.

    ``name`` is botocore's (``dynamodb``, ``stepfunctions``), ``prefix`` IAM's (``states``), ``v2_class`` the class of
    aws-sdk v2 (``StepFunctions``), ``v3_package`` the package of v3 (``@aws-sdk/client-sfn``), ``service_id``
    botocore's serviceId (``SFN``), from which v3's client class is built (``SFNClient``), ``signing_name`` what its
    requests are signed with.
    """

    name: str
    prefix: str
    service_id: str
    v2_class: str | None
    v3_package: str | None
    signing_name: str = ""


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A resource type of an IAM service with its ARN format (``arn:${Partition}:s3:::${BucketName}/${ObjectName}``)."""

    service: str
    name: str
    arn: str
    condition_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """An IAM action, ``s3:GetObject``.

    ``resource_types`` names the types that it can be limited to; with none it only matches ``*``. ``required_types``
    are those of them that the reference marks as required (alternatives among them are common, so this is never an
    AND); where none is, a request that names no resource is authorised on ``*``.
    """

    name: str
    access_level: str
    resource_types: tuple[str, ...]
    condition_keys: tuple[str, ...] = ()
    dependent_actions: tuple[str, ...] = ()
    permission_only: bool = False
    required_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionMapping:
    """An action that an operation needs.

    ``when`` is empty, or a condition on the parameters (``ACL`` for s3:PutObjectAcl; ``!DataAccessRoleArn``;
    ``Statement^=SELECT``; see :mod:`scopedown.core.conditions`), with paths as in :class:`ResourceParameter`.
    ``source`` says where the row comes from.
    """

    action: str
    when: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ResourceParameter:
    """Where the resource of an action comes from in an operation's arguments.

    ``parameter`` is a path into the arguments: ``TableName``, ``Delete.Objects[].Key``, ``RequestItems.*`` (the keys
    of a mapping). ``type`` is the resource type (empty where the source does not say), ``variable`` the variable of
    its ARN format that is filled, or ``*`` where the parameter is the whole ARN, ``form`` how the value stands there:
    ``name`` (or an ARN, or an ARN's last part), ``arn``, ``url`` (a queue URL), ``s3-path`` (bucket/key), ``s3-uri``,
    ``path`` (an SSM name, whose leading slash goes), and what the permissions stage adds.
    """

    action: str
    parameter: str
    type: str
    variable: str
    form: str = "name"
    source: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """An API operation.

    ``method`` is botocore's Python name; ``members`` are the input's top-level parameters in order, ``required``
    those that must be given. ``authorised`` is False for operations that no IAM permission guards
    (``sts.GetCallerIdentity``); ``exception`` then says why. Where it is True and ``actions`` is empty, ``exception``
    says why no action is known. ``http`` is the verb and the path (``GET /restapis/{restapi_id}``).
    """

    service: str
    name: str
    method: str
    authorised: bool
    members: tuple[str, ...] = field(hash=False)
    required: tuple[str, ...] = field(hash=False)
    actions: tuple[ActionMapping, ...] = field(hash=False)
    resources: tuple[ResourceParameter, ...] = field(default=(), hash=False)
    paginated: bool = False
    exception: str = ""
    http: str = ""


@dataclass(frozen=True, slots=True)
class ResourceModel:
    """A boto3 resource type: what its members call.

    ``operations`` maps an action, collection, batch action, waiter, ``load``/``reload`` or attribute-loading name to
    the API operation and the parameters filled from identifiers (parameter path → identifier name, or a constant in
    quotes). ``resources`` maps a sub-resource or reference to its type and the identifiers passed on (child
    identifier → own identifier name, or ``$0``, ``$1`` for the call's arguments). ``collections`` maps a collection
    to the operation that lists it and the type of its items (empty where the items are no resources). ``waiters``
    maps ``wait_until_x`` to the operation.

    All names are Python's (``bucket_name``, ``put_object``; sub-resources as written, ``Object``). A value that is no
    identifier is ``'text'`` (a constant), ``$0``, ``$1`` (the call's positional arguments), ``$Name`` (the request's
    parameter ``Name``), ``@Path`` (data that the resource loads) or ``<Path`` (a part of the response). A batch
    action, which is called on a collection of this type (``bucket.objects.delete()``), stands in ``operations`` as
    ``batch:delete``. ``returns`` maps an action to the type of the resource that it returns and that resource's
    identifiers; ``collection_items`` does the same for a collection's items.
    """

    service: str
    name: str
    identifiers: tuple[str, ...]
    load: str | None
    operations: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict, hash=False)
    resources: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict, hash=False)
    collections: Mapping[str, tuple[str, str, Mapping[str, str]]] = field(default_factory=dict, hash=False)
    waiters: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict, hash=False)
    returns: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict, hash=False)
    collection_items: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class CloudFormationType:
    """A CloudFormation resource type.

    ``ref`` is the property or attribute that ``Ref`` returns; ``attributes`` are what ``Fn::GetAtt`` accepts; ``arn``
    is its ARN with ``${Property}`` variables where the registry gives one; ``name_property`` is the property that
    names it, if any; ``handlers`` maps ``create``, ``read``, ``update``, ``delete``, ``list`` to the actions that the
    handler may call.
    """

    name: str
    ref: str | None
    attributes: tuple[str, ...]
    arn: str | None
    name_property: str | None
    handlers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """One of AWS's own managed policies, whole.

    ``path`` is ``/``, ``/service-role/`` or another; ``version`` the default version (``v4``) of the day ``updated``;
    ``statements`` are as IAM has them, with ARNs of the partition ``aws``.
    """

    name: str
    path: str
    version: str
    updated: str
    statements: tuple[Mapping[str, Any], ...]

    def is_named(self, arn: str) -> bool:
        """Whether an ARN, of whatever partition, is this policy's, its path included."""
        return arn.endswith(f":iam::aws:policy{self.path}{self.name}")


class Catalog(Protocol):
    """Look-ups; None or empty where nothing is known. ``catalog.load.catalog()`` gives the bundled one."""

    @property
    def version(self) -> str:
        """What tells this catalog's facts from another's."""

    def services(self) -> Iterable[Service]:
        """Every service of the SDKs, by name."""

    def service(self, name: str) -> Service | None:
        """By botocore's name."""

    def service_of_v2_class(self, name: str) -> Service | None:
        """By the class name of aws-sdk v2 (``DynamoDB``, ``StepFunctions``)."""

    def service_of_v3_package(self, name: str) -> Service | None:
        """By the package of v3 (``@aws-sdk/client-dynamodb``)."""

    def operation(self, service: str, name: str) -> Operation | None:
        """By botocore's service name and the API operation (``PutItem``)."""

    def operation_of_method(self, service: str, method: str) -> Operation | None:
        """By botocore's service name and the Python method (``put_item``)."""

    def method_names(self, service: str) -> tuple[str, ...]:
        """The Python methods of a service's operations, by botocore's service name."""

    def operations_of(self, service: str) -> Iterable[Operation]:
        """Every operation of a service, by botocore's name of it."""

    def operations_named(self, name: str) -> tuple[Operation, ...]:
        """Every service's operation of this name or method name (for possible findings)."""

    def operation_names(self, letters: Sequence[str]) -> set[str]:
        """The names of operations of any service that have any of these letters, large or small."""

    def operations_of_letters(self, letters: str) -> tuple[Operation, ...]:
        """Every service's operation whose name has these letters, large or small (``putitem``)."""

    def paginator_operation(self, service: str, method: str) -> Operation | None:
        """The operation behind ``get_paginator(method)``."""

    def waiter_operation(self, service: str, waiter: str) -> Operation | None:
        """The operation that a waiter polls, by its botocore name (``TableExists``) or method (``table_exists``)."""

    def resource_models_of(self, service: str) -> tuple[str, ...]:
        """Names of a service's boto3 resource types."""

    def resource_model(self, service: str, name: str) -> ResourceModel | None:
        """A boto3 resource type; the service resource itself is named ``ServiceResource``."""

    def action(self, name: str) -> Action | None:
        """By ``prefix:Name``, case-insensitive."""

    def actions_of(self, prefix: str) -> Iterable[Action]:
        """Every action of an IAM service prefix."""

    def action_names(self) -> tuple[str, ...]:
        """Every action's name, sorted."""

    def resource_type(self, prefix: str, name: str) -> ResourceType | None:
        """By IAM service prefix and resource type name."""

    def resource_types_of(self, prefix: str) -> Iterable[ResourceType]:
        """Every resource type of an IAM service prefix."""

    def operations_needing(self, action: str) -> tuple[tuple[str, str], ...]:
        """(service, operation) pairs whose mapping names the action."""

    def managed_policy(self, name: str) -> ManagedPolicy | None:
        """A managed policy of AWS's, by its name (``AWSLambdaRole``) or its ARN, whose path is not looked at."""

    def cloudformation_type(self, name: str) -> CloudFormationType | None:
        """By type name (``AWS::DynamoDB::Table``)."""
