"""How a value stands in an operation's parameter, and what it fills of an ARN.

A catalog row's ``form`` is ``KIND``, then ``!`` where the row, when its parameter is given, makes the action's other
resource types irrelevant (an index of a table), then ``=TEXT`` for what the service takes where the parameter is absent
(EventBridge's bus ``default``), then ``?WHEN`` where the row is read only in some circumstances (see
:mod:`scopedown.core.conditions`), then ``>SERVICE,SERVICE`` for the services that a role is passed to.

==================  ==========================================================================================
``name``            a name or an identifier; a whole ARN is taken as it is
``plain``           a name that is never an ARN, whatever it begins with (an object's key)
``arn``             an ARN; a bare name is accepted
``any``             when given, the request is authorised on ``*`` (an SMS has no topic)
``append``          follows the ARN after a colon (a qualifier)
``account``         the account that the resource belongs to
``bucket``          a bucket's name or an access point's ARN
``url``             the URL of a queue
``s3-path``         ``bucket/key`` (a copy's source)
``s3-uri``          ``s3://bucket/key`` or the object's https URL
``s3-prefix``       the same for a folder: any object whose key begins so
``prefix``          the beginning of an object's key
``path``            a Parameter Store name: its leading slash is not part of the ARN
``path-tree``       the same, for everything below it too
``secret``          a secret's name, which Secrets Manager completes with a hyphen and six characters, or its ARN
``connection``      the name of an EventBridge connection, which keeps its credentials in a secret of this name
``alias``           a KMS alias name, ``alias/`` included
``key``             a KMS key's id, ARN, alias name or alias ARN
``function``        a Lambda function's name, partial ARN or ARN, perhaps with a qualifier
``email``           an e-mail address: the address or its domain is the SES identity
``model``           a Bedrock model id, inference profile id or ARN
``execution``       a state machine's ARN, of which any execution is meant
``log-group``       a log group's name or ARN
``hosted-zone``     a Route 53 zone id, perhaps after ``/hostedzone/``
``task-definition`` an ECS family, perhaps with a revision
``bus, cluster``    a name or an ARN, of which another resource's ARN repeats the name
``const``           the parameter is a text in quotes, not an argument
``unknown``         the same: the text says what the resource is that no argument names
``partiql``         a PartiQL statement
``sql-table``       an SQL statement that defines a table, of which the text says the name
``endpoint``        the https endpoint of a WebSocket API
``request``         the URL of a request to a REST or HTTP API
``address``         the URL or host of a resource that a request is signed for
==================  ==========================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

from scopedown.core.text import ANY, AnyText, Att, EnvVar, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.core.text_slicing import is_arn, last_literal, split, starts, strip_prefix
from scopedown.permissions.addresses import address, endpoint, request
from scopedown.permissions.arn_parts import Conditions, Filling, known_head


@dataclass(frozen=True, slots=True)
class Form:
    """A row's ``form``, read."""

    kind: str
    exclusive: bool = False
    default: str | None = None
    passed_to: tuple[str, ...] = ()
    when: str = ""

    @property
    def conditions(self) -> Conditions:
        """What goes with the permission: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"""
        return {"StringEquals": {"iam:PassedToService": self.passed_to}} if self.passed_to else {}


def read_form(form: str) -> Form:
    """``name!=x`` → kind ``name``, exclusive, default ``x``; ``arn?T>b,c`` → kind ``arn``, when ``T``, passed to b and
    c."""
    form, _, services = form.partition(">")
    form, _, when = form.partition("?")
    kind, equals, default = form.partition("=")
    passed_to = tuple(services.split(",")) if services else ()
    return Form(kind.removesuffix("!"), kind.endswith("!"), default if equals else None, passed_to, when)


def fill(kind: str, value: Text, variables: tuple[str, ...], variable: str) -> tuple[Filling, ...]:
    """What ``value``, standing in a parameter of this kind, fills of a format with these variables.

    ``variable`` is the row's; ``*`` or nothing means the format's last. Several fillings are alternatives.
    """
    if variable not in variables:
        variable = variables[-1] if variables else ""
    change = _KINDS.get(kind, _name)
    return change(value, variable, variables)


def _name(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    if is_arn(value):
        return (Filling(whole=value, variable=variable),)
    return (Filling({variable: value}),)


def _plain(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    return (Filling({variable: value}),)


def _arn(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    """Only an ARN can stand here: what comes from outside the code is taken for one."""
    if value.parts and isinstance(value.parts[0], Ref | Att | Param | ImportValue | EnvVar):
        return (Filling(whole=value, variable=variable),)
    return _name(value, variable, variables)


def _any(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    return (Filling(whole=Text.of("*"), variable=variable),)


def _unknown(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    return (Filling(dict.fromkeys(variables, Text.unknown(str(value)))),)


def _append(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    return (Filling(append=Text.of(":", value)),)


def _account(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    return (Filling(head=known_head({"Account": value})),)


def _bucket(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    if starts(value, "arn:") and ":accesspoint" in str(value) and "ObjectName" in variables:
        return (Filling(whole=Text.of(value, "/object"), variable=variable),)
    if starts(value, "s3://"):  # a setting that holds a whole URI, of which code gives the beginning as the bucket
        value = split(strip_prefix(value, "s3://"), "/", 1)[0]
    return _name(value, variable, variables)


def _url(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    if is_arn(value):
        return _name(value, variable, variables)
    if not (starts(value, "https://") or starts(value, "http://")):
        *before, name = split(value, "/")
        return _name(name if before else _of_url(name), variable, variables)
    _, _, host, *path = split(value, "/")
    head: dict[str, Text] = {}
    labels = split(host, ".")
    at_aws = False
    if len(labels) >= 3 and labels[0].literal == "sqs":
        at_aws, head["Region"] = True, labels[1]
    elif len(labels) >= 3 and labels[1].literal == "queue":  # the older form, https://REGION.queue.amazonaws.com/
        at_aws, head["Region"] = True, labels[0]
    if len(path) >= 2 and at_aws:
        head["Account"] = path[-2]
    name = path[-1] if path else Text.unknown("the queue's URL has no queue name")
    return (Filling({variable: name}, head=known_head(head)),)


def _of_url(value: Text) -> Text:
    """A queue's URL that is given from outside as a whole: what stands there is no name, and no part of an ARN."""

    def change(part: Part) -> Part:
        match part:
            case Param(name) if not name.lower().endswith("name"):
                return Unknown(f"the parameter {name} holds a queue's URL")
            case ImportValue(name) if not (last_literal(name) or "").lower().endswith("name"):
                return Unknown("another stack's output holds a queue's URL")
            case Att(id, name) if name.startswith("Outputs.") and not name.lower().endswith("name"):
                return Unknown(f"an output of {id} holds a queue's URL")
            case _:
                return part

    return value.replace(change) if len(value.parts) == 1 else value


def _s3_path(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    if starts(value, "arn:"):
        return (Filling(whole=value, variable=variables[-1] if variables else variable),)
    value = _decoded(strip_prefix(value, "/"))
    bucket, *key = split(value, "/", 1)
    if not key:
        unknown = next((part for part in bucket.parts if isinstance(part, Unknown | EnvVar | Param)), None)
        rest = (
            Text.of(unknown) if isinstance(unknown, Unknown) else Text.unknown("scopedown cannot tell the object's key")
        )
        known = bucket.has(Literal, Ref, EnvVar, Param) and bucket.literal is None
        return (Filling({"BucketName": _before_unknown(bucket) if known else bucket, "ObjectName": rest}),)
    object_key = split(key[0], "?versionId=", 1)[0]
    return (Filling({"BucketName": bucket, "ObjectName": object_key}),)


def _before_unknown(text: Text) -> Text:
    """The text with one open end: what follows its first unknown part may hold a slash, and so belong to the key."""
    for position, part in enumerate(text.parts):
        if isinstance(part, Unknown | AnyText):
            return Text(text.parts[: position + 1])
    return text


def _decoded(text: Text) -> Text:
    return text.replace(lambda part: unquote(part.value) if isinstance(part, Literal) else part)


def _s3_uri(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    if starts(value, "s3://"):
        return _s3_path(strip_prefix(value, "s3://"), variable, variables)
    if not (starts(value, "https://") or starts(value, "http://")):
        return _s3_path(value, variable, variables)
    _, _, host, *_ = split(value, "/")
    *_, path = split(value, "/", 3)
    labels = split(host, ".")
    if labels[0].literal is not None and (labels[0].literal == "s3" or labels[0].literal.startswith("s3-")):
        return _s3_path(path, variable, variables)
    at = next((n for n, label in enumerate(labels) if (label.literal or "").startswith("s3")), len(labels))
    bucket = Text.of(*(piece for label in labels[:at] for piece in (".", label)))
    return (Filling({"BucketName": strip_prefix(bucket, "."), "ObjectName": path}),)


def _s3_prefix(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    if starts(value, "s3://") and len(split(value, "/", 3)) == 3:
        value = Text.of(value, "/")
    found = _s3_uri(value, variable, variables)
    return tuple(replace(one, variables=_with_open_end(one.variables)) for one in found)


def _with_open_end(variables: Mapping[str, Text]) -> dict[str, Text]:
    return {name: _open(value) if name == "ObjectName" else value for name, value in variables.items()}


def _open(value: Text) -> Text:
    return value if value.parts and isinstance(value.parts[-1], Unknown | AnyText) else Text.of(value, ANY)


def _prefix(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    return (Filling({variable: _open(value)}),)


def _alias(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    return _name(strip_prefix(value, "alias/"), variable, variables)


def _last_segment(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    """A name, or an ARN of which the last segment is the name that another resource's ARN repeats."""
    return (Filling({variable: split(value, "/")[-1] if starts(value, "arn:") else value}),)


_PARTIQL = re.compile(
    r"""(?:FROM|INTO|UPDATE)\s+("[^"]+"|[^\s".]+)(?:\."([^"]+)"|\.([^\s".]+))?|"[^"]*\"""",
    re.IGNORECASE,
)
"""A keyword with its table and index; or a quoted name that no keyword stands before."""
_NO_PARTIQL = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
"""Texts and comments."""


def _partiql(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    """The table of a PartiQL statement; for the variable ``IndexName`` nothing unless it reads from an index."""
    parts = [part for part in value.parts if not isinstance(part, Literal)]
    numbers = iter(range(len(parts)))
    shown = "".join(p.value if isinstance(p, Literal) else f"\0{next(numbers)}\0" for p in value.parts)
    match = next((one for one in _PARTIQL.finditer(_NO_PARTIQL.sub(" ", shown)) if one[1]), None)
    if match is None:
        reason = next(iter(value.unknowns), Unknown("the statement has no table name"))
        return () if variable == "IndexName" else (Filling({"TableName": Text.of(reason)}),)

    def text(name: str) -> Text:
        pieces = name.strip('"').split("\0")
        return Text.of(*(parts[int(piece)] if number % 2 else piece for number, piece in enumerate(pieces)))

    index = match[2] or match[3]
    if variable == "IndexName":
        return (Filling({"TableName": text(match[1]), "IndexName": text(index)}),) if index else ()
    return (Filling({"TableName": text(match[1])}),)


_DEFINED = re.compile(
    r"""\s*(?:ALTER\s+TABLE|CREATE(?:\s+EXTERNAL)?\s+TABLE(?:\s+IF\s+NOT\s+EXISTS)?|DROP\s+TABLE(?:\s+IF\s+EXISTS)?|"""
    r"""MSCK\s+REPAIR\s+TABLE)\s+((?:[`"][^`"]+[`"]|\w+)(?:\.(?:[`"][^`"]+[`"]|\w+))?)(?=[\s(;]|$)""",
    re.IGNORECASE | re.ASCII,
)


def _sql_table(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    """The table that a statement defines. What a query reads is not told from its text: a view reads other tables."""
    match = _DEFINED.match(value.literal or "")
    if match is None or re.search(r"\bAS\b", value.literal or "", re.IGNORECASE):
        reason = next(iter(value.unknowns), Unknown("the tables that the query reads"))
        return (Filling(dict.fromkeys(variables, Text.of(reason)), variable=variable),)
    *database, table = re.findall(r"[^`\".]+", match[1])
    named = {variables[0]: Text.of(database[-1].lower())} if database and len(variables) > 1 else {}
    return (Filling({**named, variables[-1]: Text.of(table.lower())}, variable=variables[-1]),)


def _path(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    """A parameter's name, without the version or label that may follow it (``/db/url:3``): IAM sees the parameter
    (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html)."""
    if is_arn(value):
        return _name(value, variable, variables)
    name, *_ = split(strip_prefix(value, "/"), ":", 1)
    return _name(name, variable, variables)


def _path_tree(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    if is_arn(value):
        return (Filling(whole=value, variable=variable), Filling(whole=Text.of(value, "/", ANY), variable=variable))
    name = strip_prefix(value, "/")
    if last := last_literal(name):
        name = Text.of(*name.parts[:-1], last.rstrip("/"))
    if not name.parts:
        return (Filling({variable: Text.of(ANY)}),)
    return (Filling({variable: name}), Filling({variable: Text.of(name, "/", ANY)}))


SECRET_SUFFIX = "-??????"
SECRET_BY_PARAMETER = "/aws/reference/secretsmanager/"
"""How the name of a parameter begins that is a secret
(https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html)."""


def _secret(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    value = strip_prefix(value, SECRET_BY_PARAMETER)
    if is_arn(value):
        literal = value.literal
        if literal and not re.search(r"-[A-Za-z0-9]{6}$|[*?]", literal):
            value = Text.of(literal, SECRET_SUFFIX)
        return (Filling(whole=value, variable=variable),)
    return (Filling({variable: Text.of(value, SECRET_SUFFIX)}),)


def _connection(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    return (Filling({variable: Text.of("events!connection/", value, "/", ANY)}),)


def _key(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    """An alias grants nothing as a resource: the key's ARN is what is authorised, the alias a condition
    (https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html)."""
    literal = value.literal or ""
    alias = re.fullmatch(r"(?:arn:[^:]*:kms:([^:]*):([^:]*):)?(alias/.+)", literal)
    if alias is None:
        return _name(value, variable, variables)
    head = {name: Text.of(given) for name, given in (("Region", alias[1]), ("Account", alias[2])) if given}
    unknown = Text.of(ANY)
    return (Filling({variable: unknown}, head=head, conditions={"StringEquals": {"kms:RequestAlias": (alias[3],)}}),)


_PARTIAL_FUNCTION = re.compile(
    r"(?:([a-z]{2}(?:-[a-z]+)+-\d):)?(?:(\d{12}):)?(?:function:)?([\w-]+(?::(?:\$LATEST|[\w-]+))?)", re.ASCII
)
"""A function's name, or its ARN without the beginning
(https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, FunctionName)."""


def _function(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    if value.literal is not None and (match := _PARTIAL_FUNCTION.fullmatch(value.literal)):
        head = {name: Text.of(given) for name, given in (("Region", match[1]), ("Account", match[2])) if given}
        return (Filling({variable: Text.of(match[3])}, head=head),)
    partial = split(value, ":function:", 1)
    if len(partial) == 2 and not starts(value, "arn:") and value.literal is None:
        return (Filling({variable: partial[1]}, head={"Account": partial[0]}),)
    return _name(value, variable, variables)


def _email(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    if is_arn(value):
        return (Filling(whole=value, variable=variable),)
    address = value
    if len(bracket := split(value, "<", 1)) == 2:
        address = split(bracket[1], ">", 1)[0]
    halves = split(address, "@", 1)
    if len(halves) == 1:
        return (Filling({variable: address}),)
    return (Filling({variable: address}), Filling({variable: halves[1]}))


_REGIONAL_PROFILE = re.compile(r"(us|us-gov|eu|apac|au|ca|jp|global)\.([a-z0-9-]+\..+)")


def _model(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    """A cross-region profile needs the profile and the model in every region that it can send to
    (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html)."""
    model = model_behind(value)
    behind: tuple[Filling, ...] = ()
    if model is not None and not value.has(Param):  # of a parameter see permissions/template_parameters.py
        behind = tuple(
            Filling({variable: model}, head={"Region": region}, type="foundation-model")
            for region in regions_behind(value)
        )
    if is_arn(value):
        return (Filling(whole=value, variable=variable), *behind)
    if behind:
        return (Filling({variable: value}, type="inference-profile"), *behind)
    if value.parts and isinstance(value.parts[0], Unknown):
        kinds = ("foundation-model", "inference-profile")
        return tuple(Filling({variable: value}, type=kind) for kind in kinds)
    return (Filling({variable: value}, type="foundation-model"),)


def model_behind(value: Text) -> Text | None:
    """The model behind a profile that is given by its id or ARN, or None where it is no profile's: an application's
    own profile does not show its model."""
    id = value
    if starts(value, "arn:"):
        kind, *rest = split(split(value, ":", 5)[-1], "/", 1)
        if kind.literal not in ("inference-profile", "application-inference-profile") or not rest:
            return None
        id = rest[0]
    if profile := _REGIONAL_PROFILE.fullmatch(id.literal or ""):
        return Text.of(profile[2])
    return Text.unknown("the model behind an inference profile") if id is not value else None


def regions_behind(value: Text) -> tuple[Text, ...]:
    """The regions in whose ARNs a profile's model is asked for: of a global profile the request's own, and none
    (https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html)."""
    said = "".join(part.value if isinstance(part, Literal) else "x" for part in value.parts)
    is_global = said.rpartition("/")[2].startswith("global.")
    return (Text.of(PSEUDO["Region"]), Text()) if is_global else (Text.of(ANY),)


_AWS_DOCUMENTS = ("aws", "amazon", "amzn")
"""How the names of AWS's own SSM documents begin, and no other's can
(https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html, Name)."""


def _document(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    """AWS's own documents belong to no account: ``arn:aws:ssm:REGION::document/AWS-RunShellScript``."""
    first = value.parts[0] if value.parts else None
    if isinstance(first, Literal) and first.value.lower().startswith(_AWS_DOCUMENTS):
        return (Filling({variable: value}, head={"Account": Text()}),)
    return _name(value, variable, variables)


def _execution(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    """``arn:…:execution:MACHINE:NAME``: https://docs.aws.amazon.com/step-functions/latest/dg/concept-create-iam-advanced.html"""
    match value.parts:
        case (Ref(id),) | (Att(id, "Arn"),):
            return (Filling({variables[0]: Text.of(Att(id, "Name")), variables[-1]: Text.of(ANY)}),)
        case _:
            before, *after = split(value, ":stateMachine:", 1)
            if not after or not is_arn(value):
                reason = next(iter(value.unknowns), Unknown("the value of the state machine is not an ARN"))
                return (Filling({variables[0]: Text.of(reason), variables[-1]: Text.of(ANY)}),)
            name, *_ = split(after[0], ":", 1)
            return (Filling(whole=Text.of(before, ":execution:", name, ":", ANY), variable=variables[-1]),)


def _log_group(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    """A log group's ARN ends in ``:*`` where it stands for log group actions
    (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html)."""
    last = variables[-1:] == (variable,)
    tail = ":*" if last else ""
    if is_arn(value):
        ends = (last_literal(value) or "").endswith(":*")
        return (Filling(whole=value if ends or not last else Text.of(value, tail), variable=variable),)
    return (Filling({variable: Text.of(value, tail)}),)


def _hosted_zone(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    return _name(strip_prefix(strip_prefix(value, "/"), "hostedzone/"), variable, variables)


def _task_definition(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    if is_arn(value) or (value.parts and isinstance(value.parts[0], Ref | Att | Param | ImportValue | EnvVar)):
        return (Filling(whole=value, variable=variables[-1]),)
    family, *revision = split(value, ":", 1)
    return (Filling({variables[0]: family, variables[-1]: revision[0] if revision else Text.of(ANY)}),)


_KINDS: dict[str, Callable[[Text, str, tuple[str, ...]], tuple[Filling, ...]]] = {
    "name": _name,
    "plain": _plain,
    "arn": _arn,
    "any": _any,
    "append": _append,
    "account": _account,
    "bucket": _bucket,
    "url": _url,
    "s3-path": _s3_path,
    "s3-uri": _s3_uri,
    "s3-prefix": _s3_prefix,
    "prefix": _prefix,
    "alias": _alias,
    "bus": _last_segment,
    "cluster": _last_segment,
    "const": _name,
    "unknown": _unknown,
    "partiql": _partiql,
    "sql-table": _sql_table,
    "path": _path,
    "path-tree": _path_tree,
    "secret": _secret,
    "connection": _connection,
    "key": _key,
    "function": _function,
    "email": _email,
    "model": _model,
    "document": _document,
    "execution": _execution,
    "log-group": _log_group,
    "hosted-zone": _hosted_zone,
    "task-definition": _task_definition,
    "endpoint": endpoint,
    "request": request,
    "address": address,
}
KINDS = frozenset(_KINDS)

PSEUDO = {"Partition": Pseudo("AWS::Partition"), "Region": Pseudo("AWS::Region"), "Account": Pseudo("AWS::AccountId")}
"""The variables of every ARN format and the pseudo parameters that they are."""
