"""What middy's middlewares for AWS call, by their options (``fetchData`` and, in middy 0.36, ``names``, ``paths``).

Sources as in ``middy.py``. A middleware with ``awsClientAssumeRole`` calls with the credentials of the role that
@middy/sts has assumed under that name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import Target, emit
from scopedown.calls.values import (
    CallSite,
    Const,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Unset,
    Value,
    as_text,
    options,
)
from scopedown.core.place import Place
from scopedown.core.text import Literal, Text
from scopedown.languages.javascript.natives import given
from scopedown.languages.javascript.sdk_calls import target_of
from scopedown.languages.javascript.sdk_tokens import connect

SDK = "middy"

Action = Callable[[CallSite, Machine], None]


def _options(made: CallSite) -> Object:
    first = made.argument(0)
    return first if isinstance(first, Object) else Object({}, UnknownValue("a middleware's options", made.place))


def _values(given_options: Object, name: str, place: Place) -> list[Value]:
    """What an option's entries hold, whatever their keys."""
    found: list[Value] = []
    entry = given_options.fields.get(name, given_options.rest)
    for option in options(entry) if entry is not None else ():
        if isinstance(option, Object):
            found += option.held()
        elif not isinstance(option, Const | Unset):  # what is not given reads nothing
            found.append(UnknownValue(f"{name} of a middleware", place))
    return found


def _target(service: str, given_options: Object, run: Machine, place: Place) -> Target:
    client = given_options.fields.get("awsClientOptions") or given_options.fields.get("awsSdkOptions")
    target = target_of(service, SDK, client, run, place)
    role = given_options.fields.get("awsClientAssumeRole")
    if role is not None and given(role):
        name = as_text(role)
        owner = TextValue(Text.unknown(f"the role that middy assumes as {name or 'one of several'}", place))
        return Target(service, SDK, target.bound, owner, target.endpoint, target.region)
    return target


def _each(value: Value) -> Iterator[Value]:
    for option in options(value):
        if isinstance(option, Sequence):
            yield from option.items
            if option.rest is not None:
                yield option.rest
        else:
            yield option


def _call(run: Machine, target: Target, operation: str, params: Value, place: Place) -> None:
    found = run.catalog.operation(target.service, operation)
    if found is not None:
        emit(run, target, found, params, place)


def _with(service: str, operation: str, parameter: str | None = None) -> Action:
    """One call for each entry of ``fetchData``: the entry is its input, or one parameter of it."""

    def action(made: CallSite, run: Machine) -> None:
        settings = _options(made)
        target = _target(service, settings, run, made.place)
        for entry in _values(settings, "fetchData", made.place):
            for option in options(entry):
                _call(run, target, operation, option if parameter is None else Object({parameter: option}), made.place)

    return action


def _ssm(made: CallSite, run: Machine) -> None:
    """A name that ends in a slash is a path. Before version 2 names and paths stand apart."""
    settings = _options(made)
    if "names" in settings.fields or "paths" in settings.fields:
        _old_ssm(made, run)
    target = _target("ssm", settings, run, made.place)
    names: list[Value] = []
    for entry in _values(settings, "fetchData", made.place):
        for option in options(entry):
            (_by_path(run, target, option, made.place) if _ends_in_slash(option) else names.append(option))
    if names:
        params = Object({"Names": Sequence(names), "WithDecryption": Const(True)})
        _call(run, target, "GetParameters", params, made.place)


def _by_path(run: Machine, target: Target, path: Value, place: Place) -> None:
    params = Object({"Path": path, "Recursive": Const(True), "WithDecryption": Const(True)})
    _call(run, target, "GetParametersByPath", params, place)


def _ends_in_slash(value: Value) -> bool:
    text = as_text(value)
    last = text.parts[-1] if text is not None and text.parts else None
    return isinstance(last, Literal) and last.value.endswith("/")


def _secrets(made: CallSite, run: Machine) -> None:
    settings = _options(made)
    if "secrets" in settings.fields:  # before version 2
        _old_secrets(made, run)
    target = _target("secretsmanager", settings, run, made.place)
    rotation = settings.fields.get("fetchRotationDate")
    for entry in _values(settings, "fetchData", made.place):
        for option in options(entry):
            if rotation is not None and not (isinstance(rotation, Const) and not rotation.value):
                _call(run, target, "DescribeSecret", Object({"SecretId": option}), made.place)
            _call(run, target, "GetSecretValue", Object({"SecretId": option}), made.place)


def _app_config(made: CallSite, run: Machine) -> None:
    settings = _options(made)
    target = _target("appconfigdata", settings, run, made.place)
    for entry in _values(settings, "fetchData", made.place):
        _call(run, target, "StartConfigurationSession", entry, made.place)
        token = Object({"ConfigurationToken": UnknownValue("a session's token", made.place)})
        _call(run, target, "GetLatestConfiguration", token, made.place)


def _rds(made: CallSite, run: Machine) -> None:
    settings = _options(made)
    for entry in _values(settings, "fetchData", made.place):
        for option in options(entry):
            fields = option.fields if isinstance(option, Object) else {}
            connect(run, fields, made.place, SDK, _target("rds", settings, run, made.place).credentials)


def _dsql(made: CallSite, run: Machine) -> None:
    """The user ``admin`` connects with a permission of its own."""
    settings = _options(made)
    for entry in _values(settings, "fetchData", made.place):
        for option in options(entry):
            fields = option.fields if isinstance(option, Object) else {}
            user = fields.get("username")
            admin = isinstance(user, Const) and user.value == "admin"
            host = fields.get("hostname") or UnknownValue("a cluster's host", made.place)
            owner = _target("dsql", settings, run, made.place).credentials
            run.emit("dsql", "DbConnectAdmin" if admin else "DbConnect", {"Hostname": host}, made.place, SDK, owner)


def _web_socket(made: CallSite, run: Machine) -> None:
    """The handler's answer goes to the connection that the request came from."""
    target = _target("apigatewaymanagementapi", _options(made), run, made.place)
    connection = Object({"ConnectionId": UnknownValue("event", made.place)})
    _call(run, target, "PostToConnection", connection, made.place)


ACTIONS: dict[str, Action] = {
    "appconfig": _app_config,
    "dsql-signer": _dsql,
    "dynamodb": _with("dynamodb", "GetItem"),
    "kms": _with("kms", "GetPublicKey", "KeyId"),
    "rds-signer": _rds,
    "s3": _with("s3", "GetObject"),
    "secrets-manager": _secrets,
    "service-discovery": _with("servicediscovery", "DiscoverInstances"),
    "ssm": _ssm,
    "sts": _with("sts", "AssumeRole"),
    "ws-response": _web_socket,
}
"""By the package's name after ``@middy/``."""


def _old_ssm(made: CallSite, run: Machine) -> None:
    settings = _options(made)
    target = _target("ssm", settings, run, made.place)
    for entry in _values(settings, "paths", made.place) if "paths" in settings.fields else ():
        for path in _each(entry):
            _by_path(run, target, path, made.place)
    names = _values(settings, "names", made.place) if "names" in settings.fields else []
    if names:
        params = Object({"Names": Sequence(names), "WithDecryption": Const(True)})
        _call(run, target, "GetParameters", params, made.place)


def _old_secrets(made: CallSite, run: Machine) -> None:
    settings = _options(made)
    target = _target("secretsmanager", settings, run, made.place)
    for entry in _values(settings, "secrets", made.place):
        _call(run, target, "GetSecretValue", Object({"SecretId": entry}), made.place)


OLD_ACTIONS: dict[str, Action] = {"ssm": _old_ssm, "secretsManager": _old_secrets}
"""Of middy 0.36; @middy/ssm and @middy/secrets-manager 1.x take the same options."""
