"""Hold one configuration's resolution here against the framework's: equal, or in what they differ."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framework_answers import forget, numbers
from oracle.harness import Answer
from scopedown.core.finding import ScopedownError
from scopedown.documents.document import Files, parse_json
from scopedown.languages.javascript.programs.read import read_program
from scopedown.project.options import Options
from scopedown.project.serverless.resolve import resolve
from scopedown.source.languages.javascript_syntax import SUFFIXES


class Stubs(dict[str, Any]):
    """The values that the framework's stubs answer with: ``stub-SOURCE:ADDRESS`` for what only AWS knows."""

    def get(self, key: str, default: Any = None) -> Any:
        if key == "sls:instanceId":
            return "ORACLE"
        source, _, address = key.partition(":")
        return f"stub-{source}:{address}" if source in ("ssm", "cf", "s3") else default


def options_of(given: Mapping[str, str], environment: Mapping[str, str]) -> Options:
    """The framework's options as ours."""
    return Options(
        stage=given.get("stage"),
        region=given.get("region"),
        account="123456789012",
        opts={name: value for name, value in given.items() if name not in ("stage", "region")},
        environment=environment,
        values=Stubs(),
    )


def difference(
    configuration: Mapping[str, Any] | Path, files: Path, options: Options, answer: Answer
) -> dict[str, Any] | None:
    """What is not equal, None where all is.

    Compared: which properties are refused, and all other values. ``configuration`` is plain JSON or a file. Left out of
    the values are refused properties (the framework leaves their text where it was, this project puts an Unknown
    there) and parameters of stages that are not deployed (which of them the framework resolves in passing depends on
    when it learns the stage). A configuration that is read with a form of v1 or v2 (``${opt:a, ${…}}``) is equal
    where the framework refuses that property at all. Where the framework finds no end there is nothing to compare;
    that the resolution here ends is then all that is held.
    """
    reader = Files(files)
    try:
        if isinstance(configuration, Path):
            is_program = configuration.suffix in SUFFIXES
            document = read_program(configuration, reader, options) if is_program else reader.document(configuration)
            assert document is not None
            tree = document.tree
        else:
            tree = parse_json(json.dumps(configuration), "serverless.json").tree
        resolution = resolve(tree, reader, options)
    except ScopedownError as error:
        return None if answer.failed else {"ours": f"refused to read: {error}"}
    if answer.endless:
        return None
    if answer.failed:
        return {"framework": answer.failed}
    legacy = {".".join(item.property) for item in resolution.legacy}
    if legacy:
        return None if legacy <= set(answer.refused) else {"legacy": sorted(legacy - set(answer.refused))}
    expected = json.loads(json.dumps(answer.resolved))
    stage = options.stage or (expected.get("provider") or {}).get("stage")
    for sections in (tree.get("params"), expected.get("params")):
        for other in [name for name in sections or () if name not in ("default", stage)]:
            del sections[other]
    ours = {".".join(path): path for path in resolution.refused if not _left_alone(path, stage)}
    theirs = {path: why for path, why in answer.refused.items() if not _left_alone(tuple(path.split(".")), stage)}
    if set(ours) != set(theirs):
        return {
            "only ours": {path: resolution.refused[keys].reason for path, keys in ours.items() if path not in theirs},
            "only the framework": {path: why for path, why in theirs.items() if path not in ours},
        }
    for path in ours.values():
        forget(tree, path)
        forget(expected, path)
    different = list(_unequal(numbers(tree), numbers(expected), ""))
    return {"values": different} if different else None


def _left_alone(path: tuple[str, ...], stage: Any) -> bool:
    """Whether a property is a parameter of a stage that is not deployed."""
    return path[0] == "params" and len(path) > 1 and path[1] not in ("default", stage)


def _unequal(ours: Any, theirs: Any, path: str) -> Any:
    """The places at which two trees differ, with both values."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in dict.fromkeys([*ours, *theirs]):
            if key in ours and key in theirs:
                yield from _unequal(ours[key], theirs[key], f"{path}.{key}")
            else:
                yield [f"{path}.{key}", str(ours.get(key, "(none)")), str(theirs.get(key, "(none)"))]
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, (mine, their) in enumerate(zip(ours, theirs, strict=True)):
            yield from _unequal(mine, their, f"{path}.{index}")
    elif ours != theirs or type(ours) is not type(theirs):
        yield [path, str(ours)[:300], str(theirs)[:300]]
