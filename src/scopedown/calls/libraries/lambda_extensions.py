"""AWS's extensions that answer on localhost: a request to them is a call with the function's role.

The Parameters and Secrets extension (port 2773 unless PARAMETERS_SECRETS_EXTENSION_HTTP_PORT says otherwise) serves
``/secretsmanager/get?secretId=…`` (https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html)
and ``/systemsmanager/parameters/get?name=…&withDecryption=…``
(https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html), AppConfig's agent
(port 2772) ``/applications/A/environments/E/configurations/C``
(https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-integration-lambda-extensions-retrieve.html). Whoever
sends a request, a client that no model knows too, is taken to send it to them where its address has such a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.tokens import of_token
from scopedown.calls.values import CallSite, Const, Object, TextValue, UnknownValue, Value, as_text, from_text, options
from scopedown.core.place import Place
from scopedown.core.text import Literal, Part, Text

SDK = "extension"

_SECRET = "/secretsmanager/get"
_PARAMETER = "/systemsmanager/parameters/get"
_CONFIGURATION = re.compile(
    r"(?:https?://|^)(?:localhost|127\.0\.0\.1|\[::1\])?:2772/+applications/"
    r"|^/*applications/[^/]+/environments/[^/]+/configurations/"
)
"""An address of AppConfig's agent, or a path that only the agent has."""
_AGENT = ":2772"
_OF_AGENT = re.compile(r"https?://(?:localhost|127\.0\.0\.1):2772/*\x00\d+\x00[^\x00]*")
"""A path of AppConfig's agent that the code does not say: a variable of the function holds it."""
_ELSEWHERE = re.compile(r"https?://(?!localhost|127\.0\.0\.1|\[::1\])[^/\x00]")
_QUERIES = ("params", "searchParams", "query", "fields", "qs")
"""What HTTP clients call the parameters of an address that are given apart."""
_ADDRESSES = ("url", "uri", "path", "baseURL")


def oversee(run: Machine, name: str, site: CallSite, sends: bool) -> None:
    """An overseer of the interpreter (``Interpreter.overseers``)."""
    if sends:
        overheard(run, site)


def overheard(run: Machine, site: CallSite) -> None:
    """A call that may send a request: the address is one of the arguments, or a member of one."""
    for address in _addresses(site):
        for option in options(address):
            text = as_text(option) if isinstance(option, Const | TextValue | Native) else None
            if text is not None and any(_names(part) for part in text.parts):
                _request(run, text, _query(site), site.place)


def _names(part: Part) -> bool:
    return isinstance(part, Literal) and (
        _SECRET in part.value or _PARAMETER in part.value or "/applications/" in part.value or _AGENT in part.value
    )


def _addresses(site: CallSite) -> Iterator[Value]:
    for value in site.all():
        if isinstance(value, Object):
            host = value.fields.get("hostname") or value.fields.get("host")
            if isinstance(host, Const) and str(host.value) not in ("localhost", "127.0.0.1"):
                continue
            yield from (value.fields[name] for name in _ADDRESSES if name in value.fields)
        else:
            yield value


def _query(site: CallSite) -> dict[str, Value]:
    """The parameters that are given apart from the address."""
    found: dict[str, Value] = {}
    given = [site.keywords, *(value.fields for value in site.positional if isinstance(value, Object))]
    for fields in given:
        for name in _QUERIES:
            if isinstance(several := fields.get(name), Object):
                found |= several.fields
    return found


def _request(run: Machine, address: Text, query: Mapping[str, Value], place: Place) -> None:
    marked, parts = _marked(address)
    if _ELSEWHERE.match(marked):
        return
    asked = {**_parameters(marked, parts), **query}
    if _SECRET in marked:
        secret = asked.get("secretId") or UnknownValue("a secret's name", place)
        run.emit("secretsmanager", "GetSecretValue", {"SecretId": secret}, place, SDK)
    elif _PARAMETER in marked:
        arguments = {"Name": asked.get("name") or UnknownValue("a parameter's name", place)}
        decryption = asked.get("withDecryption")
        if decryption is not None:
            off = isinstance(decryption, Const) and str(decryption.value).lower() in ("false", "0", "none")
            arguments["WithDecryption"] = Const(not off)
        run.emit("ssm", "GetParameter", arguments, place, SDK)
    elif _CONFIGURATION.search(marked) or _OF_AGENT.fullmatch(marked):
        _configuration(run, marked, parts, place)


def _configuration(run: Machine, marked: str, parts: list[Part], place: Place) -> None:
    path = "/applications/" + marked.partition("/applications/")[2].partition("?")[0]
    pieces = path.split("/")
    arguments: dict[str, Value] = {}
    for word, name in (
        ("applications", "ApplicationIdentifier"),
        ("environments", "EnvironmentIdentifier"),
        ("configurations", "ConfigurationProfileIdentifier"),
    ):
        position = pieces.index(word) + 1 if word in pieces else len(pieces)
        known = position < len(pieces) and pieces[position]
        arguments[name] = _unmarked(pieces[position], parts) if known else UnknownValue("a part of a path", place)
    run.emit("appconfigdata", "StartConfigurationSession", arguments, place, SDK)
    token = UnknownValue("a session's token", place)
    of_session = {"ConfigurationToken": token, **of_token(arguments)}
    run.emit("appconfigdata", "GetLatestConfiguration", of_session, place, SDK)


# texts of which some parts are not known: such a part stands as a character that no address has


def _marked(text: Text) -> tuple[str, list[Part]]:
    parts: list[Part] = []
    written = []
    for part in text.parts:
        if isinstance(part, Literal):
            written.append(part.value)
        else:
            written.append(f"\x00{len(parts)}\x00")
            parts.append(part)
    return "".join(written), parts


def _unmarked(text: str, parts: list[Part]) -> Value:
    pieces: list[Text | str] = []
    for position, piece in enumerate(text.split("\x00")):
        pieces.append(Text((parts[int(piece)],)) if position % 2 else unquote(piece))
    return from_text(Text.of(*pieces))


def _parameters(marked: str, parts: list[Part]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for pair in marked.partition("?")[2].split("&"):
        name, sign, value = pair.partition("=")
        if sign:
            found[name] = _unmarked(value, parts)
    return found
