"""Layers of others that are known: what each needs of a function's role, and whether it is an unseen part of the code.

In: a function with its :attr:`~scopedown.project.model.Function.foreign_layers`. Out: the row of each that is known,
and what it needs. A layer that only holds packages which the code imports is seen where they are imported; one that
holds an extension runs by itself. Every row has its source; a layer without a row is code that was not read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.core.text import ANY, Literal, Text
from scopedown.permissions.log_groups import actions_on
from scopedown.permissions.parameter_formats import PSEUDO
from scopedown.project.model import ForeignLayer, Function, Project

_LOG_GROUPS: Final = Text.of(
    "arn:", PSEUDO["Partition"], ":logs:", PSEUDO["Region"], ":", PSEUDO["Account"], ":log-group:"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownLayer:
    """``name`` is a pattern of the layer's name, ``account`` the one that publishes it (empty: several, one a region).

    ``needs`` are (actions, the log group that they act on; None: every resource). ``given`` are (a variable of the
    function that holds an ARN, the action on it). ``may_call``: what it can be set up to call beside that.
    """

    name: str
    account: str
    source: str
    needs: tuple[tuple[tuple[str, ...], str | None], ...] = ()
    given: tuple[tuple[str, str], ...] = ()
    may_call: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    """The variables that set it up so; with none, it always may."""


@cache
def known_layers() -> tuple[KnownLayer, ...]:
    """The rows of ``layers.toml``."""
    written = tomllib.loads(Path(__file__).with_name("layers.toml").read_text("utf-8"))["layers"]
    return tuple(
        KnownLayer(
            one["name"], one.get("account", ""), one["source"],
            tuple((tuple(need["actions"]), need.get("log_group")) for need in one.get("needs", ())),
            tuple((variable, action) for variable, action in one.get("given", ())),
            tuple(one.get("may_call", ())), tuple(one.get("settings", ())),
        )
        for one in written
    )  # fmt: skip


_ARN: Final = re.compile(r"arn:[^:]*:lambda:[^:]*:([^:]*):layer:([^:]+)(?::.*)?\Z")
_STORED: Final = (
    ("/aws/service/powertools/", "AWSLambdaPowertoolsPythonV3-python312-x86_64", "017000801446"),
    ("/aws/service/aws-parameters-and-secrets-lambda-extension/", "AWS-Parameters-and-Secrets-Lambda-Extension", ""),
)  # fmt: skip
"""Public parameters that hold a layer's ARN
(https://docs.aws.amazon.com/powertools/python/latest/getting-started/install/)."""


def known_layer(layer: ForeignLayer) -> KnownLayer | None:
    """The row of a layer; None where it is not known, or of another account than the one that publishes it."""
    written = "".join(part.value if isinstance(part, Literal) else "*" for part in layer.arn.parts)
    account, name = "", ""
    for parameter, stored, owner in _STORED:
        if parameter in written:
            account, name = owner, stored
    match = _ARN.match(written)
    if match is not None:
        account, name = match[1], match[2]
    for row in known_layers():
        if re.fullmatch(row.name, name) and (not row.account or account in (row.account, "*")):
            return row
    return None


def needs_of(function: Function, project: Project) -> Iterator[tuple[tuple[str, ...], Text, ForeignLayer]]:
    """What the known layers of a function need: actions, their resource, and the layer that needs them."""
    for layer in function.foreign_layers:
        row = known_layer(layer)
        if row is None:
            continue
        for actions, group in row.needs:
            if group is None:
                yield actions, Text.of(ANY), layer
                continue
            on_group = actions_on((Text.of(group),), function, project)
            yield (*on_group, *actions), Text.of(_LOG_GROUPS, f"{group}:*"), layer
        for variable, action in row.given:
            arn = function.environment.get(variable)
            if arn is not None:
                yield (action,), arn, layer
