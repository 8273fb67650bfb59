"""Making a resource in the local AWS by the operations of its service, row by row of ``moto_types.tsv``.

In: a type and its resolved properties. Out: :class:`Result`, the operations' answers. Nothing is authorised here: what
CloudFormation has to be allowed was checked before (:mod:`.provision_calls`). A new type is a few rows.

The columns: ``phase``: ``create``, ``else`` (where the row before, which begins with ``?``, was refused), ``update``,
``delete``, ``set`` (an update whatever differs), or ``removed`` (an update that takes an item away; it comes first).
``when``: the property that must be set (of an update: must differ); ``Path[]`` runs the row for each item, in an update
and in ``removed`` for those that differ. ``parameters``: ``Name=expression`` joined by ``;``, and ``*`` for each
property that the operation takes under the same name, whatever its case. An expression is a path into the properties,
``'text'``, a word of :data:`WORDS`, or ``@item`` and a path into it; ``x??y`` is ``y`` where ``x`` is missing.
``made``: ``Ref`` and attributes as paths into the answer (``'@id'``: the name).

:func:`shaped` brings a value (any scalar may be text in a template, tags a list or a mapping, names in another case)
into the form that botocore's shape of a parameter has. Members that the shape does not have are left out.
:func:`with_document` puts a document (a state machine's definition, an API's description) in the place of its location
in S3; whether CloudFormation may read it was checked before.
"""

from __future__ import annotations

import io
import json
import re
import secrets
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from scopedown.core.digits import is_count
from scopedown.core.tables import RowsByName, read_rows

EMPTY = {"": ""}
"""A parameter that is given although it is empty."""
TABLE = Path(__file__).with_name("moto_types.tsv")
COLUMNS = ("type", "phase", "operation", "when", "parameters", "made")
REMOVED = "removed"
ALL = "*"
"""Each item of a list, and each property that an operation knows by its name."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row."""

    phases: frozenset[str]
    service: str
    operation: str
    when: str
    parameters: tuple[tuple[str, str], ...]
    made: Mapping[str, str]
    tried: bool = False
    """Whether it may be refused (``?`` before the operation): the next row goes on from there."""


@dataclass(slots=True)
class Subject:
    """The resource that steps are carried out for."""

    id: str
    arn: str
    region: str
    properties: Mapping[str, Any]
    tags: Mapping[str, str]
    name: str = ""
    name_property: str = ""
    ref: str = ""


@lru_cache(maxsize=1)
def steps() -> Mapping[str, tuple[Step, ...]]:
    """Every row, by type."""
    return RowsByName([TABLE], step_of, COLUMNS)


def step_of(row: Mapping[str, str]) -> tuple[Step]:
    """One row as a step."""
    service, _, operation = row["operation"].partition(".")
    parameters = tuple(_assignment(part) for part in row["parameters"].split(";") if part.strip())
    made = dict(_assignment(part) for part in row["made"].split(";") if part.strip())
    phases, tried = frozenset(row["phase"].split(",")), service.startswith("?")
    return (Step(phases, service.removeprefix("?"), operation, row["when"], parameters, made, tried),)


def _assignment(cell: str) -> tuple[str, str]:
    name, _, value = cell.strip().partition("=")
    return name, value


@lru_cache(maxsize=1)
def _gaps() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    rows = read_rows(TABLE.with_name("moto_types_gaps.tsv"))
    return tuple((row["operation"], re.compile(row["message"]), row["reason"]) for row in rows)


def gap(operation: str, message: str) -> str:
    """Why moto refuses what AWS would not; empty where AWS would refuse it as well."""
    return next((reason for one, pattern, reason in _gaps() if one == operation and pattern.search(message)), "")


def due(step: Step, phase: str, subject: Subject, old: Mapping[str, Any], changed: frozenset[str]) -> Iterator[Any]:
    """What a step runs for: each item of its list, or None once. Nothing where it is not due."""
    whole = phase == "update" and "set" in step.phases
    if phase not in step.phases and not whole and not (phase == "create" and "else" in step.phases):
        return
    path = step.when.removesuffix("[]")
    top = path.partition(".")[0]
    properties = old if phase == REMOVED else subject.properties
    if phase in ("update", REMOVED) and path and top not in changed and not whole:
        return
    if not step.when.endswith("[]"):
        if not path or at(path, properties) not in (None, "", [], {}):
            yield None
        return
    items = at(path, properties) or []
    others = at(path, subject.properties if phase == REMOVED else old) or [] if phase != "create" else []
    for item in items if isinstance(items, list) else [items]:
        if whole or phase in ("create", "delete") or item not in others:
            yield item


def parameters(step: Step, subject: Subject, item: Any, shape: Any) -> dict[str, Any]:
    """The parameters of an operation, as botocore takes them."""
    members = {name.lower(): name for name in shape.members} if shape else {}
    found: dict[str, Any] = {}
    for name, expression in step.parameters:
        if name == ALL:
            for key, value in subject.properties.items():
                if key.lower() in members:
                    found.setdefault(members[key.lower()], value)
        elif (value := _value(expression, subject, item)) not in (None, "", [], {}):
            _put(found, name, "" if value is EMPTY else value)
        else:
            found.pop(name, None)
    return {name: shaped(value, shape.members[name]) for name, value in found.items() if name in shape.members}


def parameters_of(client: Any, step: Step, subject: Subject, item: Any = None) -> dict[str, Any]:
    """The parameters of a step's operation."""
    return parameters(step, subject, item, client.meta.service_model.operation_model(step.operation).input_shape)


def run(client: Any, step: Step, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Carry out a step; the service's answer. Raises botocore's errors."""
    answer: Mapping[str, Any] = getattr(client, xform_name(step.operation))(**given)
    return answer


def told(step: Step, id: str, answer: Mapping[str, Any]) -> dict[str, str]:
    """``Ref`` and the attributes that a row names, as the answer has them."""
    found = {}
    for name, path in step.made.items():
        value = id if path == "'@id'" else at(path, answer)
        if value not in (None, ""):
            found[name] = text(value)
    return found


def _put(tree: dict[str, Any], path: str, value: Any) -> None:
    name, dot, rest = path.partition(".")
    if dot:
        _put(tree.setdefault(name, {}), rest, value)
    else:
        tree[name] = value


def _value(expression: str, subject: Subject, item: Any) -> Any:
    for part in expression.split("??"):
        head, _, rest = part.partition(".")
        if part.startswith("'"):
            found: Any = part[1:-1]
        elif head == "@item":
            found = at(rest, item) if rest else item
        elif part.startswith("@"):
            found = WORDS[part](subject)
        else:
            found = at(part, subject.properties) if part else None
        if found is not None:
            return found
    return None


def _rest(subject: Subject) -> dict[str, str]:
    """The properties but the name, tags, and what has an operation of its own."""
    own = (subject.name_property, "Tags", "Subscription", "DataProtectionPolicy")
    return {name: text(value) for name, value in subject.properties.items() if name not in own}


def _function(subject: Subject) -> str:
    """The function of a name or an ARN that may end in a qualifier."""
    name = str(subject.properties.get("FunctionName") or subject.properties.get("TargetFunctionArn", ""))
    whole = name.startswith("arn:")
    return ":".join(name.split(":")[:7]) if whole else name.partition(":")[0]


def _qualifier(subject: Subject) -> str:
    name = str(subject.properties.get("FunctionName") or subject.properties.get("TargetFunctionArn", ""))
    return "".join(name.split(":")[7:8]) if name.startswith("arn:") else name.partition(":")[2]


def _definition(subject: Subject) -> str:
    """A state machine's definition with its substitutions."""
    given = subject.properties.get("DefinitionString") or subject.properties.get("Definition")
    found = text(given) if given else ""
    for name, value in (subject.properties.get("DefinitionSubstitutions") or {}).items():
        found = found.replace(f"${{{name}}}", text(value))
    return found


def zipped(name: str, content: str) -> bytes:
    """An archive of one file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, content)
    return made.getvalue()


def _source(subject: Subject) -> bytes | None:
    """A function's source that stands in the template, as CloudFormation packs it
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html).
    """
    code = subject.properties.get("Code")
    if not isinstance(code, Mapping) or "ZipFile" not in code:
        return None
    python = str(subject.properties.get("Runtime", "")).startswith("python")
    return zipped("index.py" if python else "index.js", text(code["ZipFile"]))


def _code(subject: Subject) -> Any:
    source = _source(subject)
    return {"ZipFile": source} if source else subject.properties.get("Code")


def _body(subject: Subject) -> str:
    """An API's document. moto imports OpenAPI 3 alone; of Swagger 2 it reads the same parts."""
    body = subject.properties.get("Body")
    if isinstance(body, Mapping) and "swagger" in body:
        body = {"openapi": "3.0.1", **{name: one for name, one in body.items() if name != "swagger"}}
    return text(body) if body else ""


def _generated(subject: Subject) -> str:
    """The secret that ``GenerateSecretString`` asks for."""
    asked = subject.properties.get("GenerateSecretString")
    if asked is None:
        return ""
    secret = secrets.token_hex(max(1, int(asked.get("PasswordLength", 32)) // 2))
    if key := asked.get("GenerateStringKey"):
        return json.dumps({**json.loads(asked.get("SecretStringTemplate") or "{}"), key: secret})
    return secret


WORDS: Mapping[str, Callable[[Subject], Any]] = {
    "@id": lambda subject: subject.id,
    "@ref": lambda subject: subject.ref or subject.id,
    "@head": lambda subject: subject.ref.rpartition(":")[0],
    "@tail": lambda subject: re.split("[:/]", subject.properties.get("LayerVersionArn", subject.ref))[-1],
    "@layer": lambda subject: subject.properties.get("LayerVersionArn", subject.ref).rpartition(":")[0],
    "@arn": lambda subject: subject.arn,
    "@name": lambda subject: subject.name,
    "@deployed": lambda subject: [{"op": "replace", "path": "/deploymentId", "value": subject.ref}],
    "@region": lambda subject: "" if subject.region == "us-east-1" else subject.region,
    "@stream": lambda subject: "true" if subject.properties.get("StreamSpecification") else None,
    "@tags": lambda subject: dict(subject.tags),
    "@empty": lambda subject: EMPTY,
    "@rest": _rest,
    "@function": _function,
    "@qualifier": _qualifier,
    "@definition": _definition,
    "@body": _body,
    "@source": _source,
    "@code": _code,
    "@nothing": lambda subject: {"ZipFile": zipped("nothing", "")},
    "@none": lambda subject: None,
    "@generated": _generated,
}
"""What an expression may say beside paths: ``@id`` is the name or, once it is made, the physical id; ``@ref`` what
``Ref`` gives; ``@head`` and ``@tail`` are its parts around the last ``:`` or ``/``."""


def at(path: str, tree: Any) -> Any:
    """What is at a path of an answer: names in any case, numbers and ``*`` (each item) into lists.

    >>> at("Roles.*.RoleName", {"Roles": [{"RoleName": "a"}, {"RoleName": "b"}]})
    ['a', 'b']
    """
    if not path:
        return tree
    name, _, rest = path.partition(".")
    if isinstance(tree, Mapping):
        tree = tree[name] if name in tree else {key.lower(): one for key, one in tree.items()}.get(name.lower())
        return at(rest, tree)
    if isinstance(tree, list) and name == ALL:
        return [at(rest, one) for one in tree]
    return at(rest, tree[int(name)]) if isinstance(tree, list) and is_count(name) and int(name) < len(tree) else None


LOCATIONS = {
    "AWS::ApiGateway::RestApi": ("BodyS3Location", "Body"),
    "AWS::ApiGatewayV2::Api": ("BodyS3Location", "Body"),
    "AWS::StepFunctions::StateMachine": ("DefinitionS3Location", "DefinitionString"),
}
"""The property that holds the location and the one that holds the document, by type (each type's page)."""


def with_document(type: str, properties: Mapping[str, Any], s3: Any) -> Mapping[str, Any]:
    """The properties with the document, where it can be read."""
    location, name = LOCATIONS.get(type, ("", ""))
    place = properties.get(location)
    if not isinstance(place, Mapping):
        return properties
    try:
        content = s3.get_object(Bucket=place.get("Bucket", ""), Key=place.get("Key", ""))["Body"].read()
    except ClientError:
        return properties
    return {**properties, name: _document(content.decode("utf-8", "replace"))}


def _document(content: str) -> Any:
    """A document in JSON or YAML as a mapping; as it is where it is neither."""
    import yaml

    try:
        return json.loads(content)
    except ValueError:
        try:
            return yaml.safe_load(content)
        except yaml.YAMLError:
            return content


def shaped(value: Any, shape: Any) -> Any:
    """The value for a shape of botocore's model."""
    match shape.type_name:
        case "structure":
            return _structure(value, shape) if isinstance(value, Mapping) else value
        case "list":
            return [shaped(item, shape.member) for item in _items(value, shape)]
        case "map":
            return {str(key): shaped(one, shape.value) for key, one in _pairs(value).items()}
        case "integer" | "long":
            return int(float(value)) if isinstance(value, str | float) else value
        case "float" | "double":
            return float(value) if isinstance(value, str) else value
        case "boolean":
            return value.lower() == "true" if isinstance(value, str) else value
        case "string":
            return text(value)
        case "blob":
            return value if isinstance(value, bytes) else text(value).encode()
        case _:
            return value


def text(value: Any) -> str:
    """A value as a service writes it in text: documents as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, default=str) if isinstance(value, Mapping | list) else str(value)


def _structure(value: Mapping[str, Any], shape: Any) -> dict[str, Any]:
    members = {name.lower(): name for name in shape.members}
    found = {}
    for key, one in value.items():
        name = members.get(key.lower())
        if name is not None and one is not None:
            found[name] = shaped(one, shape.members[name])
    return found


def _items(value: Any, shape: Any) -> list[Any]:
    """A list; of a mapping, its pairs as the members of the shape name them."""
    if isinstance(value, Mapping) and shape.member.type_name == "structure":
        names = list(shape.member.members)
        key = next((name for name in names if name.lower().endswith(("key", "name"))), "")
        content = next((name for name in names if name.lower().endswith("value")), "")
        if key and content:
            return [{key: name, content: one} for name, one in value.items()]
    return list(value) if isinstance(value, list | tuple) else [value]


def _pairs(value: Any) -> Mapping[str, Any]:
    """A mapping, also where the template has a list of keys and values."""
    if isinstance(value, Mapping):
        return value
    found = {}
    for mapping in value if isinstance(value, list) else []:
        by_name = {name.lower(): item for name, item in mapping.items()} if isinstance(mapping, Mapping) else {}
        if "key" in by_name:
            found[by_name["key"]] = by_name.get("value", "")
    return found
