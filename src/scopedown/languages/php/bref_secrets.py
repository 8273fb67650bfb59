"""Bref's secrets: variables that name parameters of SSM, which its loader reads before the code runs
(https://bref.sh/docs/environment/variables#secrets; brefphp/secrets-loader src/Secrets.php:
loadSecretEnvironmentVariables, GetParameters with decryption)."""

from __future__ import annotations

from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.model import DECLARED
from scopedown.calls.values import Const, Sequence, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.php import files

_BEGINNING: Final = "bref-ssm:"
_LOADER: Final = "bref/secrets-loader"
SDK: Final = "bref"


def load(run: Machine, file: str, place: Place) -> None:
    """The parameters of all variables, where the application has the loader; version 1 of Bref brings it along."""
    names: list[Value] = [
        Const(text.removeprefix(_BEGINNING))
        for name, text in sorted(run.environment.items())
        if text.startswith(_BEGINNING) and name != DECLARED
    ]
    if any(one.partition("=")[2].startswith(_BEGINNING) for one in run.environment.get(DECLARED, "").split()):
        names.append(UnknownValue("the name of a parameter", place))
    version = files.required(run.sources.ground, file, "bref/bref") or ""
    if names and (files.requires(run.sources.ground, file, _LOADER) or version.lstrip("^~v=> ").startswith("1")):
        run.emit("ssm", "GetParameters", {"Names": Sequence(names), "WithDecryption": Const(True)}, place, SDK)
