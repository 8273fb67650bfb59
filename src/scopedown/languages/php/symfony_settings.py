"""The settings of a Symfony application: the files below ``config/packages``, those of the environment after them
(https://symfony.com/doc/current/configuration.html#configuration-environments)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.calls.interpreter.project_files import parse_yaml
from scopedown.calls.machine import Machine
from scopedown.calls.values import Object, Value, as_text, options
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.core.text import EnvVar, Text
from scopedown.languages.php import dotenv

_KEY: Final = ("php", "<symfony settings>")
MAX_FILES: Final = 200
_TYPES: Final = Path(__file__).with_name("symfony_types.tsv")
_CLIENTS: Final = {"aws": "Aws", "async_aws.client": "AsyncAws"}
"""How the names of clients begin that bundles have, with the SDK of each (aws/aws-sdk-php-symfony,
https://async-aws.com/integration/symfony-bundle.html)."""


@cache
def _parts() -> Mapping[str, str]:
    return {name: row["part"] for row in read_rows(_TYPES) for name in row["names"].split()}


def names(*parts: str) -> tuple[str, ...]:
    """The types for which a container gives some parts."""
    return tuple(name for name, part in _parts().items() if part in parts)


def part(name: str) -> str | None:
    """The part that a container gives for a type: ``mailer``."""
    return _parts().get(name)


@cache
def class_of_service(name: str) -> str | None:
    """The class of a service that a bundle has, by the service's name: ``async_aws.client.dynamo_db``, ``aws.s3``."""
    for row in read_rows(_TYPES):
        if name in row["service"].split():
            return row["names"].split()[0]
    beginning, _, last = name.rpartition(".")
    wanted = last.replace("_", "").lower()
    if beginning not in _CLIENTS or not wanted:
        return None
    for row in read_rows(Path(__file__).with_name("services.tsv")):
        if row["namespace"].lower() == wanted:
            return f"{_CLIENTS[beginning]}\\{row['namespace']}\\{row['namespace']}Client"
    return None


def settings(run: Machine, place: Place) -> Object:
    """All settings together: ``{"framework": {"session": {…}}}``."""
    known = run.heap.names.get(_KEY)
    if isinstance(known, Object):
        return known
    found = Object()
    run.heap.names[_KEY] = found
    stage = environment(run)
    sections = list(_files(run, stage, place))
    for data in sections:
        _merge(found, Object({name: one for name, one in data.fields.items() if not name.startswith("when@")}))
    for data in sections:
        own = data.fields.get(f"when@{stage}")
        if isinstance(own, Object):
            _merge(found, own)
    return found


def setting(run: Machine, place: Place, *names: str) -> Value | None:
    """One setting by its names; None where nothing sets it."""
    found: Value | None = settings(run, place)
    for name in names:
        found = found.fields.get(name) if isinstance(found, Object) else None
    return found


def environment(run: Machine) -> str:
    """The environment that the deployed application has."""
    return dotenv.known(run, "APP_ENV") if "APP_ENV" in run.environment else "prod"  # type: ignore[return-value]


def tell(run: Machine, what: str, place: Place, may_call: tuple[str, ...] = ("*",)) -> None:
    """A part of the configuration that may lead to AWS and is not known."""
    unseen = Unseen(Cause.DISPATCH, what, place, may_call)
    run.found.unseen.setdefault((Cause.DISPATCH, what), unseen)


def text_of(run: Machine, value: Value) -> str | None:
    """The text of a setting as far as the variables of the application tell it, ``*`` for the rest of it; None where
    its beginning is not known."""
    for option in options(value):
        text = as_text(option)
        if text is None or not text.parts:
            continue
        first = text.parts[0]
        if isinstance(first, EnvVar):
            given = dotenv.known(run, first.name) or dotenv.declared(run, first.name)
            return given if given else _plain(first.default)
        return str(text)
    return None


def _plain(text: Text | None) -> str | None:
    return str(text) if text is not None else None


def _files(run: Machine, stage: str, place: Place) -> Iterator[Object]:
    ground = run.sources.ground
    unit = run.sources.unit(run.position.file)
    for root in unit.roots if unit is not None else ():
        for folder in ("config/packages", f"config/packages/{stage}"):
            where = posixpath.join(root, folder)
            names = sorted(ground.disk.entries(where)) if ".." not in folder else []
            for name in names[:MAX_FILES]:
                if name.endswith((".yaml", ".yml")):
                    text = ground.read(posixpath.join(where, name))
                    data = parse_yaml(text, place) if text else None
                    if isinstance(data, Object):
                        yield data


def _merge(into: Object, given: Object, depth: int = 8) -> None:
    for name, value in given.fields.items():
        held = into.fields.get(name)
        if isinstance(held, Object) and isinstance(value, Object) and depth:
            _merge(held, value, depth - 1)
        else:
            into.fields[name] = value
