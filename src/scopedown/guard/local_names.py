"""What a request names by another name: looked up in the local AWS, so that the ARN is the one that AWS checks.

In: the ARNs of one action, as the catalog fills them from the parameters. Out: the same with a secret's six characters,
the key behind an alias or in a ciphertext, the stream behind an iterator, a role's path, the function behind a URL,
the stage that answers a path, the SES identity that is verified. What the local AWS does not know keeps its stand-in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from scopedown.core.arn import resource_of
from scopedown.guard import context_state as state
from scopedown.guard.context import ApiCall

STAND_IN = "6f1e1a52-7f0e-4cb0-a7c5-2c4b8f3d9e10"
SECRET_STAND_IN = "-aB3dE5"
"""The characters that end a secret's ARN, where there is no such secret (yet)."""


def looked_up(action: str, arns: Sequence[str], call: ApiCall) -> list[str]:
    """The ARNs that AWS would check, in the place of these."""
    find = _BY_ACTION.get(action) or _BY_SERVICE.get(action.partition(":")[0])
    return list(arns) if find is None else list(dict.fromkeys(find(action, list(arns), call)))


def _secrets(action: str, arns: list[str], call: ApiCall) -> list[str]:
    return [_secret(arn, call.account, call.region) for arn in arns]


def _secret(arn: str, account: str, region: str) -> str:
    """A request may name a secret by its name, its ARN, or its ARN without the six characters: ``…:secret:own-abcdef``
    may be the secret ``own``, or the whole name of another one, whose ARN then has six more
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen)."""
    bare = arn.removesuffix("-??????")
    found = state.secret(arn if bare == arn else bare.partition(":secret:")[2], account, region)
    if found is not None:
        return str(found.arn)
    return arn if bare == arn else bare + SECRET_STAND_IN


_KEY_OF_ACTION = {"kms:ReEncryptFrom": ("SourceKeyId",), "kms:ReEncryptTo": ("DestinationKeyId",)}
"""The parameter that names the key of an action whose operation has several
(https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html)."""
_KEYS = ("KeyId", "SSEKMSKeyId", "KmsKeyId")
_BY_CIPHERTEXT = ("kms:Decrypt", "kms:ReEncryptFrom")


def _keys(action: str, arns: list[str], call: ApiCall) -> list[str]:
    """An alias stands for a key; who decrypts need not name the key, and another key than the named one may have
    encrypted: the ciphertext says it. A grant's token names its key, too."""
    names = _KEY_OF_ACTION.get(action, _KEYS)
    named = [value for name in names if isinstance(value := call.parameters.get(name), str) and "alias/" in value]
    found = []
    for arn in arns:
        head, _, tail = arn.rpartition(":key/")
        if tail == STAND_IN and named:
            fields = head.split(":")
            known = state.key_of_alias("alias/" + named[0].partition("alias/")[2], fields[4], fields[3])
            arn = f"{head}:key/{known}" if known else arn
        found.append(arn)
    of_state = None
    if action in _BY_CIPHERTEXT and isinstance(blob := call.parameters.get("CiphertextBlob"), bytes):
        of_state = state.key_of_ciphertext(blob)
    elif action == "kms:RetireGrant" and isinstance(token := call.parameters.get("GrantToken"), str):
        of_state = state.key_of_grant(token, call.account, call.region)
    if of_state is None:
        return found
    return [*(arn for arn in found if not arn.endswith(":key/*")), call.arn("kms", f"key/{of_state}")]


def _streams(action: str, arns: list[str], call: ApiCall) -> list[str]:
    """Whoever gets records names an iterator, and it names the stream
    (https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html)."""
    name = state.stream_of_iterator(str(call.parameters.get("ShardIterator", "")))
    if name is None:
        return arns
    return [*(arn for arn in arns if not arn.endswith("/*")), call.arn("kinesis", f"stream/{name}")]


def _table_streams(action: str, arns: list[str], call: ApiCall) -> list[str]:
    """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html"""
    found = state.table_stream_of_iterator(str(call.parameters.get("ShardIterator", "")), call.account, call.region)
    return [found] if found else arns


def _statement(action: str, arns: list[str], call: ApiCall) -> list[str]:
    """The tables that the local AWS reads in a statement, beside those that the mapping found."""
    entries = call.parameters.get("Statements") or call.parameters.get("TransactStatements") or [call.parameters]
    tables = (table for one in entries for table in state.tables_of_statement(str(one.get("Statement", ""))) or ())
    more = (call.arn("dynamodb", f"table/{table}") for table in tables)
    return [*arns, *(arn for arn in more if not any(one == arn or one.startswith(f"{arn}/") for one in arns))]


_OF_IAM = re.compile(r"arn:aws:iam::(\d{12}):(user|role|group|instance-profile|policy)/([^/*]+)")
_MADE = {
    "iam:CreateGroup": "group", "iam:CreateInstanceProfile": "instance-profile", "iam:CreatePolicy": "policy",
    "iam:CreateRole": "role", "iam:CreateUser": "user",
}  # fmt: skip
"""What an action makes: its path is the request's."""
_RENAMES = {
    "iam:UpdateUser": ("user", "NewUserName", "UserName"),
    "iam:UpdateGroup": ("group", "NewGroupName", "GroupName"),
}


def _entities(action: str, arns: list[str], call: ApiCall) -> list[str]:
    """The ARN of an entity of IAM has its path, which only the request that makes it says
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html). Who renames it needs the right to the
    new name, too (https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html)."""
    found = []
    for arn in arns:
        match = _OF_IAM.fullmatch(arn)
        if match is None:
            found.append(arn)
        elif _MADE.get(action) == match[2]:
            path = call.parameters.get("Path")
            found.append(arn.replace("/", path, 1) if isinstance(path, str) and path else arn)
        else:
            found.append(state.iam_arn(match[2], match[3], match[1]) or arn)
    if (names := _RENAMES.get(action)) and found:
        kind, new, old = names
        path = call.parameters.get("NewPath") or "/" + found[0].partition("/")[2].rpartition("/")[0] + "/"
        name = call.parameters.get(new) or call.parameters.get(old)
        found.append(f"arn:aws:iam::{call.account}:{kind}{path.replace('//', '/')}{name}")
    return found


def _stage(action: str, arns: list[str], call: ApiCall) -> list[str]:
    """A path begins with the stage, or is answered by an HTTP API's ``$default``: never both
    (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html)."""
    api = resource_of(arns[0]).partition("/")[0]
    stages = state.stages_of(api, call.account, call.region) or []
    by_stage = {arn.split("/")[1]: arn for arn in arns}
    named = [arn for stage, arn in by_stage.items() if stage != "$default"]
    if "$default" in by_stage and "$default" in stages and not any(one in stages for one in by_stage if one[0] != "$"):
        return [by_stage["$default"]]
    return named or arns


def _url(action: str, arns: list[str], call: ApiCall) -> list[str]:
    host = str(call.parameters.get("url", "")).partition("://")[2].partition("/")[0]
    found = state.function_of_url(host, call.account, call.region) if host else None
    return [found] if found else arns


def _identity(action: str, arns: list[str], call: ApiCall) -> list[str]:
    """An address is sent from as itself where it is verified, else as its domain
    (https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html#verify-email-addresses-procedure)."""
    names = {arn.partition(":identity/")[2]: arn for arn in arns}
    address = next((name for name in names if "@" in name), None)
    domain = address.rpartition("@")[2] if address else None
    if address is None or domain not in names:
        return arns
    verified = state.ses_identities(call.account, call.region) or []
    gone = address if domain in verified and address not in verified else domain
    return [arn for name, arn in names.items() if name != gone]


def _linked_role(action: str, arns: list[str], call: ApiCall) -> list[str]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html"""
    service = call.parameters.get("AWSServiceName", "*")
    return [f"arn:aws:iam::{call.account}:role/aws-service-role/{service}/AWSServiceRoleFor{STAND_IN[:8]}"]


Find = Callable[[str, list[str], ApiCall], list[str]]
_BY_ACTION: Mapping[str, Find] = {
    "execute-api:Invoke": _stage,
    "lambda:InvokeFunctionUrl": _url,
    "iam:CreateServiceLinkedRole": _linked_role,
    "kinesis:GetRecords": _streams,
    "dynamodb:GetRecords": _table_streams,
    "dynamodb:PartiQLDelete": _statement,
    "dynamodb:PartiQLInsert": _statement,
    "dynamodb:PartiQLSelect": _statement,
    "dynamodb:PartiQLUpdate": _statement,
}
_BY_SERVICE: Mapping[str, Find] = {"iam": _entities, "kms": _keys, "secretsmanager": _secrets, "ses": _identity}
