"""Values that begin with ``arn:``: where AWS takes an ARN they choose what is checked, elsewhere they are a name.

In: a request's parameters. Out: the same, with a mark before each value that only looks like an ARN: the mapping then
takes it for the name that it is (:func:`as_names`, :func:`without_marks`). Where an ARN is taken, another parameter may
name its container differently (the task of one cluster beside the name of another): AWS refuses that or takes the
container, so the request is also checked as if only the name had been given (:func:`by_name`).

Whether AWS takes an ARN is said by botocore's model: a pattern that no ARN fits, or documentation that does not mention
one. The catalog's own rows count beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.model import ListShape, MapShape, Shape, StructureShape
from moto.core.utils import get_service_model

from scopedown.catalog.load import catalog
from scopedown.permissions.parameter_formats import read_form

MARK = "\ue001"
"""Stands before a value that is a name although it looks like an ARN."""
NAME = "\ue002"
"""Stands for a name while it is looked for in an ARN."""
_ANY_ARN = ("arn:aws:s3:::a/b", "arn:aws:a:us-east-1:123456789012:b/c", "arn:aws:a:us-east-1:123456789012:b:c-1")
_SAID = re.compile(r"\bARNs?\b|Amazon Resource Name|unique stack ID")
"""Words of a documentation that allows an ARN. A stack's id is one
(https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html, StackName)."""
_DENIED = re.compile(
    r"You can't (?:enter|specify) the (?:Amazon Resource Name \(ARN\)|ARN) (?:for|of) (?:a|the) (?:parameter|voice)"
)
"""Words of a documentation that mentions an ARN as what may not stand there
(https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html, Name)."""
_SHORTEST = 20
"""Characters of an ARN (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)."""
_FORMS = frozenset({"arn", "key", "model", "execution"})
"""Forms of the catalog's rows in which an ARN is written, whatever the model says."""
_CONTAINERS = frozenset({"bus", "cluster"})
"""Forms in which an ARN is that of a container, of which the name counts."""
_UNSAID = frozenset({("ecs", "service")})
"""Parameters that take an ARN although not every operation says so
(https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html, services)."""
_OF_BUCKETS = re.compile(r"arn:[\w-]+:s3(?:-outposts|-object-lambda)?:[\w-]*:\d{12}:(?:accesspoint|outpost)[:/]")
"""S3 takes ARNs of access points and outposts, and of no bucket
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html, x-amz-copy-source)."""
_WITHOUT_SLASH = frozenset({"dynamodb", "ecs", "firehose", "kinesis", "scheduler", "sns", "sqs"})
"""Services whose names hold neither slash nor colon (the patterns of their APIs): an ARN of them has one reading."""

Place = tuple[str | int, ...]


def as_names(service: str, operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters with :data:`MARK` before each value that looks like an ARN where AWS takes none."""
    found: Any = parameters
    for place, value in arns_in(parameters):
        if not _is_taken(service, operation, place, value):
            found = replaced(found, place, MARK + value)
    return dict(found)


def without_marks(arn: str) -> str:
    """The ARN with its names as they are."""
    return arn.replace(MARK, "")


def arns_in(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Each value that looks like an ARN, and where it is: names of parameters, positions in lists."""
    match value:
        case str():
            if value.startswith("arn:"):
                yield place, value
        case Mapping():
            for name, one in value.items():
                yield from arns_in(one, (*place, str(name)))
        case list() | tuple():
            for number, one in enumerate(value):
                yield from arns_in(one, (*place, number))


def replaced(value: Any, place: Place, by: Any) -> Any:
    """The value with another one at a place."""
    if not place:
        return by
    first, *rest = place
    if isinstance(value, Mapping):
        return {name: replaced(one, tuple(rest), by) if name == first else one for name, one in value.items()}
    return [replaced(one, tuple(rest), by) if number == first else one for number, one in enumerate(value)]


def name_in(arn: str) -> str:
    """What follows the last slash or colon of an ARN."""
    return re.split("[/:]", arn)[-1]


def is_that(named: str, arn: str) -> bool:
    """Whether ``arn`` is what ``named`` stands for, with :data:`NAME` for its name: in any region and account."""
    pattern = [re.escape(field) for field in named.split(":", 5)]
    if len(pattern) < 6:
        return False
    pattern[1] = pattern[3] = pattern[4] = "[^:]*"
    return re.fullmatch(":".join(pattern).replace(re.escape(NAME), ".+"), arn, re.DOTALL) is not None


@lru_cache(8192)
def _is_taken(service: str, operation: str, place: Place, value: str) -> bool:
    """Whether AWS takes this ARN at this place of a request."""
    if service == "s3":
        return bool(_OF_BUCKETS.match(value)) or place[0] not in ("Bucket", "CopySource")
    path = ".".join(str(step) for step in place if isinstance(step, str))
    known = catalog().operation(service, operation)
    if known is None:
        return True
    forms = {read_form(row.form).kind for row in known.resources if row.parameter.replace("[]", "") == path}
    if forms & _CONTAINERS:
        return True
    if not _is_of_operation(service, operation, value):
        return False
    if forms & _FORMS or (service, path) in _UNSAID:
        return True
    return takes_arns(service, operation, place)


def takes_arns(service: str, operation: str, place: Place) -> bool:
    """Whether the model of an operation lets an ARN stand at a place."""
    try:
        shape = get_service_model(service).operation_model(operation).input_shape
    except (UnknownServiceError, OperationNotFoundError):
        return True
    return shape is None or _takes_arns(shape, place)


def _is_of_operation(service: str, operation: str, value: str) -> bool:
    """Whether an ARN of a service whose names have one part is of a type that the operation acts on: an index's ARN is
    no table's."""
    fields = value.split(":", 5)
    if service not in _WITHOUT_SLASH or len(fields) < 6 or fields[2] != service:
        return True
    known = catalog().operation(service, operation)
    actions = [catalog().action(one.action) for one in known.actions] if known else []
    formats = [
        kind.arn
        for action in actions if action is not None and action.name.startswith(f"{service}:")
        for name in action.resource_types if (kind := catalog().resource_type(service, name))
    ]  # fmt: skip
    return not formats or any(_format(one).fullmatch(value) for one in formats)


@lru_cache(1024)
def _format(arn: str) -> re.Pattern[str]:
    pieces = re.split(r"(\$\{[^}]*\})", arn)
    return re.compile("".join("[^:/]*" if one.startswith("${") else re.escape(one) for one in pieces))


def _takes_arns(shape: Shape, place: Place) -> bool:
    name, said = "", False
    for step in place:
        if isinstance(shape, StructureShape) and step in shape.members:
            name, shape = str(step), shape.members[step]
        elif isinstance(shape, ListShape):
            shape = shape.member
        elif isinstance(shape, MapShape):
            shape = shape.value
        else:
            return True  # a document without a shape of its own
        if _DENIED.search(re.sub("<[^>]*>", "", shape.documentation or "")):
            return False
        said = said or bool(_SAID.search(shape.documentation or ""))
    said = said or any(one.lower().removesuffix("s").endswith("arn") for one in (name, shape.name))
    longest, pattern = shape.metadata.get("max"), shape.metadata.get("pattern")
    if longest is not None and int(longest) < _SHORTEST:
        return False
    if not pattern:
        return said
    if re.search(r"arn|aws", pattern, re.IGNORECASE):
        return True
    try:
        return said and (name.lower().endswith("arn") or any(re.search(pattern, one) for one in _ANY_ARN))
    except re.error:  # a construct of Java's regular expressions
        return said
