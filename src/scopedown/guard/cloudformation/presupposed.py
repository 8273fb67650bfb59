"""What a resource presupposes outside of itself, and the service's answer where that is not there.

In: a type and its resolved properties. Out: botocore's ``ClientError`` with the service's words for the first thing
that is missing (``presupposed.tsv``). The local AWS is asked as an administrator: a service looks with its own rights,
or with rights that were checked before (:mod:`.provision_calls`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from scopedown.core.tables import RowsByName
from scopedown.guard.authority import Authority
from scopedown.guard.cloudformation.moto_types import shaped
from scopedown.guard.cloudformation.template import TemplateError
from scopedown.guard.existence import texts_in
from scopedown.guard.lacking import NOT_THERE, SAYS_MISSING

TABLE: Final = Path(__file__).with_name("presupposed.tsv")
COLUMNS: Final = ("type", "property", "thing", "operation", "parameters", "code", "message", "source")
_REFERENCE: Final = re.compile(r"arn:aws|https?://|[a-z]+-[0-9a-f]{8}(?:[0-9a-f]{9})?$")
"""What an ARN, a queue's URL or an id of EC2's looks like."""
_ARN: Final = re.compile(r"arn:aws[\w-]*:[^:]*:([^:]*):([^:]*):")


@dataclass(frozen=True, slots=True)
class Presupposed:
    """One row."""

    property: str
    fits: re.Pattern[str]
    thing: str
    service: str
    operation: str
    parameters: tuple[tuple[str, str], ...]
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks: the local AWS, and the resource (or the stack) that presupposes."""

    gate: Authority
    account: str
    region: str
    by: str
    arn: str = ""


@lru_cache(maxsize=1)
def rows() -> Mapping[str, tuple[Presupposed, ...]]:
    """Every row, by type."""
    return RowsByName([TABLE], _row, COLUMNS)


def _row(row: Mapping[str, str]) -> tuple[Presupposed]:
    service, _, operation = row["operation"].partition(".")
    path, _, pattern = row["property"].partition("~")
    given = tuple((name, word) for name, _, word in (part.partition("=") for part in row["parameters"].split(";")))
    if not row["source"] or not row["thing"]:
        raise ValueError("a row has a thing and a source")
    return (Presupposed(path, re.compile(pattern), row["thing"], service, operation, given, row["code"],
                        row["message"]),)  # fmt: skip


def require(asking: Asking, type: str, properties: Mapping[str, Any], changed: frozenset[str] | None = None) -> None:
    """Raise ClientError where something is missing that nobody says exists. ``changed``: only what these name."""
    for row in rows().get(type, ()):
        if changed is None or re.split(r"[.\[]", row.property)[0] in changed:
            for value in dict.fromkeys(_at(row.property, properties)):
                by = f"{asking.by}.{row.property.replace('[]', '')}"
                _require(asking, row, value, by, properties=properties)


def require_parameters(asking: Asking, declared: Mapping[str, Mapping[str, Any]], values: Mapping[str, Any]) -> None:
    """Raise TemplateError where a parameter names a thing that does not exist."""
    for name, one in declared.items():
        kind = re.sub(r"^(?:List|AWS::SSM::Parameter::Value)<(.+?)>+$", r"\1", str(one.get("Type")))
        kind = kind.removeprefix("List<")
        for row in rows().get(kind, ()) if name in values else ():
            for value in texts_in(values[name]):
                try:
                    _require(asking, row, value, f"parameter {name}", name)
                except ClientError as error:
                    raise TemplateError(f"{error.response['Error']['Message']}.") from None


def _require(
    asking: Asking, row: Presupposed, value: str, by: str, name: str = "", properties: Mapping[str, Any] | None = None
) -> None:
    words = {"@value": value, "@name": last_of(value)}
    given = {key: words.get(word) or next(_at(word, properties or {}), "") for key, word in row.parameters}
    existence = asking.gate.existence
    excused = existence.excuse([value, *given.values()], asking.account)
    if excused or not row.fits.search(value) or not _missing(asking, row, value, given):
        return
    if existence.take(row.thing, value, by):
        return
    message = row.message.format(value=value, name=name or last_of(value), arn=asking.arn)
    raise refusal(row.code, message, row.operation)


def _missing(asking: Asking, row: Presupposed, value: str, given: Mapping[str, str]) -> bool:
    """Whether the local AWS knows that it is not there; what it cannot tell is not missing."""
    arn = _ARN.match(value)
    client = asking.gate.client(row.service, region=(arn[1] if arn else "") or asking.region)
    members = client.meta.service_model.operation_model(row.operation).input_shape.members
    try:
        getattr(client, xform_name(row.operation))(**{key: shaped(one, members[key]) for key, one in given.items()})
    except ClientError as error:
        return is_missing(error)
    except BotoCoreError:  # a value that no request may have
        return False
    return False


def may_be_missing(asking: Asking, message: str, texts: list[str], changing: bool) -> str:
    """Why a service may say in ``message`` that something is missing that AWS would have; else empty.

    ``texts`` are what it was given. Something is taken as existing, or the local AWS misses what a stack has made: then
    it does not know this kind of thing. ``changing``: the resource is there already, and has it.
    """
    existence = asking.gate.existence
    references = [text for text in dict.fromkeys(texts) if _REFERENCE.match(text) or text in existence.made]
    others = [text for text in texts if len(text) > 3 and text not in references and text in message]
    named = [text for text in references if text in message] or others or references or texts
    if why := existence.excuse(named, asking.account):
        return why
    here = named if named[:1] and named[0] in references else []
    if here and not changing and all({text, last_of(text)} & existence.made for text in here):
        return "the local AWS does not know what the stack made"
    name = named[0] if named else message
    taken = existence.take("", name, f"{asking.by}: {message}")
    return f"{name} is taken as existing" if taken else ""


def refusal(code: str, message: str, operation: str) -> ClientError:
    """A service's error."""
    told: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    return ClientError(told, operation)


def is_missing(error: ClientError) -> bool:
    """Whether a service says that something is not there."""
    told = error.response.get("Error", {})
    return bool(NOT_THERE.search(str(told.get("Code", ""))) or SAYS_MISSING.search(str(told.get("Message", ""))))


def last_of(text: str) -> str:
    """The name at the end of an ARN, or the text itself.

    >>> last_of("arn:aws:iam::123456789012:role/service/shop")
    'shop'
    """
    return re.split(r"[:/]", text)[-1] if text.startswith("arn:") else text


def _at(path: str, tree: Any) -> Iterator[str]:
    """The texts at a path."""
    name, _, rest = path.partition(".")
    found = tree.get(name.removesuffix("[]")) if isinstance(tree, Mapping) else None
    for one in found if name.endswith("[]") and isinstance(found, list) else [found]:
        if rest:
            yield from _at(rest, one)
        elif isinstance(one, str) and one:
            yield one
