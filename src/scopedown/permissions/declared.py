"""The project's declared resources, found again in an ARN: by reference, or by the name that they bear.

A reference (``Ref``, ``Fn::GetAtt``) inside an ARN is what CloudFormation puts there: a name, an id, a URL or a whole
ARN, depending on the resource's type. A plain name is that of a declared resource where the resource's name property
says the same. Both become the resource's own ARN, so that one resource is written in one way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scopedown.catalog.model import Catalog, CloudFormationType
from scopedown.core.arn import service_of
from scopedown.core.text import AnyText, Att, Literal, Param, Part, Ref, Text, Unknown
from scopedown.core.text_slicing import Prefixes, split, strip_prefix
from scopedown.permissions.cycles import depending_on
from scopedown.permissions.parameter_formats import PSEUDO, SECRET_SUFFIX
from scopedown.project.intrinsics import Scope, default_of, to_text
from scopedown.project.model import DeclaredResource, Project, Tree

_ARN = "arn:${Partition}:%s:${Region}:${Account}:%s"

OWN_ARN: Mapping[str, tuple[str, str]] = {
    "AWS::DynamoDB::GlobalTable": ("Arn", _ARN % ("dynamodb", "table/${TableName}")),
    "AWS::IAM::Role": ("Arn", "arn:${Partition}:iam::${Account}:role/${RoleName}"),
    "AWS::Lambda::Alias": ("Ref", ""),
    "AWS::Lambda::Version": ("Ref", ""),
    "AWS::Logs::LogGroup": ("", _ARN % ("logs", "log-group:${LogGroupName}")),
    "AWS::S3::Bucket": ("", "arn:${Partition}:s3:::${BucketName}"),
    "AWS::SSM::Parameter": ("", _ARN % ("ssm", "parameter/${Name}")),
    "AWS::SecretsManager::Secret": ("Ref", _ARN % ("secretsmanager", "secret:${Name}")),
    "AWS::Serverless::Function": ("Arn", _ARN % ("lambda", "function:${FunctionName}")),
    "AWS::Serverless::SimpleTable": ("Arn", _ARN % ("dynamodb", "table/${TableName}")),
    "AWS::Serverless::StateMachine": ("Ref", _ARN % ("states", "stateMachine:${Name}")),
}
"""How a type gives its own ARN (``Ref``, an attribute, or nothing: by the ARN's format with ``Ref``) and that format,
where the registry's schema does not say so or says it otherwise than the type's page, "Return values", in
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ (of the Serverless types: in
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/). A log group's ``Arn`` ends in
``:*``."""

_NAME_PLACES = re.compile(
    r"arn:[^:]*:(?:s3::|(?:sqs|sns):[^:]*:[^:]*|dynamodb:[^:]*:[^:]*:table/|kinesis:[^:]*:[^:]*:stream/|"
    r"lambda:[^:]*:[^:]*:function|states:[^:]*:[^:]*:stateMachine|firehose:[^:]*:[^:]*:deliverystream/):?"
)
"""Where an ARN goes on with the name of a resource and nothing else."""


@dataclass(frozen=True, slots=True)
class Own:
    """A declared resource as ARNs see it: its own ARN, and the ways in which others may say it.

    ``said`` are texts that are this ARN: its format with ``Ref``, with an attribute that is the name, with the name
    that the resource bears (as written, and with template parameters at their defaults). ``service`` is the ARN's
    service. ``references`` tells what ``Ref`` (key ``""``) and attributes are, where that is no name: ``arn`` or
    ``url``. ``target`` is the key of a KMS alias.
    """

    id: str
    type: str
    arn: Text | None
    said: tuple[Text, ...] = ()
    service: str = ""
    references: Mapping[str, str] = field(default_factory=dict)
    target: Text | None = None
    name: Text | None = None
    """The name that it bears, as its ARN has it, where that is known."""
    bears: tuple[Text, ...] = ()
    """References that are its name."""
    known_as: tuple[Text, ...] = ()
    """The ways to say it by a name that no reference takes the place of, because it leads to a function that may need
    the resource: only for comparing."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One of the ways to say a resource's ARN, by its place among all."""

    number: int
    own: Own
    form: Text


@dataclass(frozen=True, slots=True)
class Declared:
    """All that a project declares, its functions and what its framework generates among them."""

    by_id: Mapping[str, Own]
    scope: Scope
    ways: Prefixes[_Way] = field(default_factory=Prefixes, init=False, repr=False, compare=False)
    """Every way to say a resource, found by the ARN that begins with it: a project of many functions asks often."""

    def __post_init__(self) -> None:
        ways = ((own, form) for own in self.by_id.values() for form in own.said)
        for number, (own, form) in enumerate(ways):
            self.ways.add(form, _Way(number, own, form))

    def settle(self, arn: Text, action: str, services: frozenset[str] = frozenset()) -> Text:
        """``arn`` with what it says of a declared resource in its one form.

        ``services`` are those whose ARNs ``action`` acts on, where that is known. A reference to a resource that the
        action cannot act on becomes an unknown with that reason.
        """
        for part in arn.parts:
            if isinstance(part, Ref | Att) and part.id in self.by_id:
                return self._settle_reference(arn, part, self.by_id[part.id], action, services)
        return self._named(arn)

    def _settle_reference(self, arn: Text, part: Ref | Att, own: Own, action: str, services: frozenset[str]) -> Text:
        if own.target is not None and not self._is_alias(own.target):
            target = own.target
            return self.settle(arn.replace(lambda one: target if one == part else one), action, services)
        at = arn.parts.index(part)
        head, tail = Text(arn.parts[:at]), Text(arn.parts[at + 1 :])
        name = part.name if isinstance(part, Att) else ""
        kind = own.references.get(name)
        before = "".join(literal.value if isinstance(literal, Literal) else "x" for literal in head.parts)
        service = service_of(before)
        expected = services if not before else {service} if _NAME_PLACES.fullmatch(before) else set()
        if own.service and expected and own.service not in expected:
            reason = f"{own.id} is an {own.type}, which {action} does not act on"
            return Text.of(head, Unknown(reason), tail)
        if kind is not None and own.arn is not None and (not before or service == own.service or expected):
            is_own = kind == "url" or own.arn == Text.of(part) or name in ("", "Arn", f"{_kind(own.type)}Arn")
            return _joined(own.arn if is_own else Text.of(part), tail)
        named = self._named(arn, own)
        if named == arn and own.name is not None and Text.of(part) in own.bears and _region(arn):
            return Text.of(head, own.name, tail)  # a resource of that name in another region
        return named

    def _is_alias(self, target: Text) -> bool:
        """Whether what an alias points to is an alias again, which no deployed one does."""
        ids = [part.id for part in target.parts if isinstance(part, Ref | Att)]
        return any(self.by_id[id].target is not None for id in ids if id in self.by_id)

    def _named(self, arn: Text, only: Own | None = None) -> Text:
        """The longest way to say a declared resource that ``arn`` begins with, replaced by the resource's own ARN."""
        comparable = self._comparable(arn)
        service = _service(comparable)
        found = [
            (-len(str(way.form)), way.number, _joined(way.own.arn, rest))
            for way, rest in self.ways.of(comparable)
            if way.own.arn is not None
            and (only is None or way.own is only)
            and not (service and way.own.service and way.own.service != service)
            and _separate(rest)
        ]
        return min(found, key=lambda one: one[:2])[2] if found else arn

    def _comparable(self, arn: Text) -> Text:
        """An ARN that spells out the deployment's own region and account, as the canonical form says it. A parameter
        whose default is the region is taken for it: the stack's resources are where the stack is."""
        pieces = split(arn, ":", 5)
        if len(pieces) < 6 or pieces[0].literal != "arn":
            return arn
        _, partition, service, region, account, rest = pieces
        if (partition.literal or "aws").startswith("aws"):
            partition = Text.of(PSEUDO["Partition"])
        if region.replace(lambda part: _default(part, self.scope)).literal == self.scope.region:
            region = Text.of(PSEUDO["Region"])
        if account.literal and account.literal == self.scope.account:
            account = Text.of(PSEUDO["Account"])
        return Text.of("arn:", partition, ":", service, ":", region, ":", account, ":", rest)


def _region(arn: Text) -> str:
    """The region of an ARN, where the text says it."""
    pieces = split(arn, ":", 4)
    return (pieces[3].literal or "") if len(pieces) > 4 and pieces[0].literal == "arn" else ""


def _service(arn: Text) -> str:
    """The service of an ARN, where the text says it."""
    pieces = split(arn, ":", 3)
    return (pieces[2].literal or "") if len(pieces) > 3 and pieces[0].literal == "arn" else ""


def declared(project: Project, catalog: Catalog) -> Declared:
    """What a project declares, by logical id."""
    scope = Scope.of(project)
    functions = {function.logical_id: function.name for function in project.functions if function.logical_id}
    deployed = project.deployed
    circular = depending_on(functions, deployed)
    found = {}
    for resource in deployed.values():
        if resource.logical_id not in functions:
            found[resource.logical_id] = _own(resource, scope, catalog, resource.logical_id in circular)
    for id, name in functions.items():
        found[id] = _function(id, name)
    return Declared(found, scope)


def function_arn(name: Text) -> Text:
    """A function's ARN by its name."""
    return _filled(_ARN % ("lambda", "function:${FunctionName}"), name)


def _function(id: str, name: Text) -> Own:
    """A function of the project. Its ARN is written with its name where that is known: a role that refers to a function
    which assumes it would be a circular dependency. (Of a generated name only a pattern is known; the function itself
    is never named by reference, see :func:`~scopedown.permissions.bind.bind`.)"""
    by_name, by_reference = function_arn(name), function_arn(Text.of(Ref(id)))
    is_open = name.unknowns or not name.parts or any(isinstance(part, AnyText) for part in name.parts)
    arn = Text.of(Att(id, "Arn")) if is_open else by_name
    return Own(id, "AWS::Lambda::Function", arn, (by_name, by_reference), "lambda", {"Arn": "arn"})


def _own(resource: DeclaredResource, scope: Scope, catalog: Catalog, circular: bool) -> Own:
    """A declared resource; ``circular``: a reference that the project makes itself leads to it, its name does not."""
    id, type_name, properties = resource.logical_id, resource.type, resource.properties
    known = catalog.cloudformation_type(type_name)
    through, pattern = OWN_ARN.get(type_name) or _from_registry(known)
    variables = [name for name in re.findall(r"\$\{(\w+)\}", pattern) if name not in PSEUDO]
    if len(variables) != 1 or not pattern.endswith("}"):
        pattern = ""
    said: list[Text] = []
    names: list[Text] = []
    references: list[Text] = []
    known_as: tuple[Text, ...] = ()
    arn = Text.of(Ref(id)) if through == "Ref" else Text.of(Att(id, through)) if through else None
    if pattern:
        property_name = known.name_property if known else None
        names = list(_names(properties, property_name or variables[0], scope))
        if type_name == "AWS::SSM::Parameter":
            names = [strip_prefix(name, "/") for name in names]
        references = [Text.of(part) for part in _name_references(id, through, known, variables[0])]
        said = [_filled(pattern, name) for name in (*references, *(() if circular else names))]
        known_as = tuple(_filled(pattern, name) for name in names) if circular else ()
        if arn is None:
            by_name = names[0] if names and type_name == "AWS::SSM::Parameter" else Text.of(Ref(id))
            arn = _filled(pattern, by_name)
    pointed = properties.get("TargetKeyId") if type_name == "AWS::KMS::Alias" else None
    target = None if pointed is None else to_text(pointed, scope)
    service = service_of(pattern)
    references_ = _references(type_name, through, known)
    return Own(
        id, type_name, arn, tuple(dict.fromkeys(said)), service, references_, target, next(iter(names), None),
        tuple(references), known_as,
    )  # fmt: skip


def _from_registry(known: CloudFormationType | None) -> tuple[str, str]:
    """How the type gives its own ARN, by the registry: ``Ref``, an attribute, or only by the ARN's format."""
    if known is None:
        return "", ""
    pattern = known.arn or ""
    if known.ref is not None and "|" not in known.ref and known.ref.endswith("Arn"):
        return "Ref", pattern
    names = (name for name in ("Arn", f"{_kind(known.name)}Arn") if name in known.attributes)
    return next(names, ""), pattern


def _kind(type_name: str) -> str:
    return type_name.rpartition("::")[2]


def _references(type_name: str, through: str, known: CloudFormationType | None) -> dict[str, str]:
    found = {name: "arn" for name in (known.attributes if known else ()) if name.endswith("Arn")}
    if through:
        found["" if through == "Ref" else through] = "arn"
    if known is not None and known.ref is not None and known.ref.endswith("Arn"):
        found[""] = "arn"
    if type_name == "AWS::S3::Bucket":
        found["Arn"] = "arn"
    if type_name == "AWS::SQS::Queue":
        found[""] = found["QueueUrl"] = "url"
    return found


def _name_references(id: str, through: str, known: CloudFormationType | None, variable: str) -> Iterator[Ref | Att]:
    """References that are the resource's name or id (``variable`` of its ARN): ``Ref``, unless it is an ARN, and
    attributes of the same kind; ``Name`` (of a state machine, an event bus) where the ARN ends in a name."""
    if through != "Ref" and not (known is not None and known.ref is not None and known.ref.endswith("Arn")):
        yield Ref(id)
    if known is not None:
        plain = ("Name",) if variable.endswith("Name") else ()
        for name in dict.fromkeys((known.name_property, known.ref, f"{_kind(known.name)}Name", *plain)):
            if name in known.attributes and not name.endswith(("Arn", "Url")):
                yield Att(id, name)


def _names(properties: Mapping[str, Tree], name_property: str, scope: Scope) -> Iterator[Text]:
    """The name that a resource bears: as it is written, and with template parameters at their defaults."""
    if properties.get(name_property) is None:
        return
    name = to_text(properties[name_property], scope)
    if name.unknowns or not name.parts:
        return
    yield name
    with_defaults = name.replace(lambda part: _default(part, scope))
    if with_defaults != name:
        yield with_defaults


def _default(part: Part, scope: Scope) -> str | Part:
    return default_of(scope.parameters.get(part.name), part) if isinstance(part, Param) else part


def _filled(pattern: str, name: Text) -> Text:
    pieces: list[str | Part | Text] = []
    for number, piece in enumerate(re.split(r"\$\{(\w+)\}", pattern)):
        pieces.append(piece if number % 2 == 0 else PSEUDO.get(piece, name))
    return Text.of(*pieces)


def _separate(rest: Text) -> bool:
    """Whether a name ends where ``rest`` begins."""
    if not rest.parts:
        return True
    first = rest.parts[0]
    return isinstance(first, Literal) and (first.value[0] in "/:" or rest.literal == SECRET_SUFFIX)


def _joined(arn: Text, tail: Text) -> Text:
    """A resource's ARN and what is of it; an exact secret needs no placeholder for the end of its name."""
    return arn if tail.literal == SECRET_SUFFIX else Text.of(arn, tail)
