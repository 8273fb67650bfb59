"""Transforms: SAM and the language extensions, carried out as far as this machine can.

In: a template as it was given, its parameters' values. Out: the template that is deployed. Macros are functions of the
account, which are not run: a template that names one is refused in the words of a macro that is not registered.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.guard.cloudformation.template import Template, TemplateError, plain, section, walk
from scopedown.project.cloudformation.expand import Expander
from scopedown.project.document import Files
from scopedown.project.intrinsics import Scope
from scopedown.project.nodes import ListNode, MapNode

SAM: Final = "AWS::Serverless-2016-10-31"
LANGUAGE: Final = "AWS::LanguageExtensions"


def declared(tree: Mapping[str, Any]) -> list[str]:
    """The names of a template's transforms, those within it as well."""
    listed = tree.get("Transform") or []
    names = [one.get("Name") if isinstance(one, Mapping) else one for one in
             (listed if isinstance(listed, list) else [listed])]  # fmt: skip
    names += [argument.get("Name") for name, argument in walk(tree)
              if name == "Fn::Transform" and isinstance(argument, Mapping)]  # fmt: skip
    return list(dict.fromkeys(str(one) for one in names))


def processed(tree: Mapping[str, Any], values: Mapping[str, str], account: str) -> Template:
    """The template without transforms. Raises TemplateError."""
    names = declared(tree)
    for name in names:
        if name not in (SAM, LANGUAGE):
            known = name.startswith("AWS::")
            raise TemplateError(
                f"Transform {name} is not carried out here" if known else f"No transform named {account}::{name} found."
            )
    found: dict[str, Any] = plain(tree)
    found.pop("Transform", None)
    if LANGUAGE in names:
        found = _expanded(found, values)
    if SAM in names:
        found = _translated({**found, "Transform": SAM}, values)
    elif any(str(one.get("Type")).startswith("AWS::Serverless::") for one in section(found, "Resources").values()):
        serverless = sorted({one["Type"] for one in found["Resources"].values()
                             if one["Type"].startswith("AWS::Serverless::")})  # fmt: skip
        raise TemplateError(f"Template format error: Unrecognized resource types: [{', '.join(serverless)}]")
    return found


def _expanded(tree: dict[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """``Fn::ForEach`` unrolled."""
    parameters = {
        name: {**one, "Type": "String", "Default": values.get(name)}
        for name, one in section(tree, "Parameters").items()
    }
    scope = Scope(parameters, section(tree, "Mappings"), section(tree, "Conditions"), defaults=True)
    expander = Expander(Files(Path("/nowhere")), "", scope)
    try:
        found = plain(expander.expand(_noded({**tree, "Transform": LANGUAGE})))
    except ScopedownError as error:
        raise TemplateError(f"Transform {LANGUAGE} failed with: {error}") from None
    if expander.findings:
        raise TemplateError(f"Transform {LANGUAGE} failed with: {expander.findings[0].message}")
    found.pop("Transform", None)
    return dict(found)


def _noded(tree: Any) -> Any:
    if isinstance(tree, Mapping):
        return MapNode({key: _noded(value) for key, value in tree.items()})
    return ListNode([_noded(item) for item in tree]) if isinstance(tree, list) else tree


def _translated(tree: dict[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/, by aws-sam-translator."""
    try:
        from scopedown.project.sam.engine import translate
    except ModuleNotFoundError:
        raise TemplateError(
            f"Transform {SAM} needs the extra sam on this machine: pip install scopedown[sam]"
        ) from None
    made = translate(tree, values, "aws", lambda id, type, properties: None)
    if made.tree is None or made.problems:
        told = " ".join(one.message for one in made.problems)
        raise TemplateError(
            f"Transform {SAM} failed with: Invalid Serverless Application Specification document. Number of errors "
            f"found: {len(made.problems)}. {told}"
        )
    found: dict[str, Any] = plain(made.tree)
    for name in ("Transform", "Globals"):
        found.pop(name, None)
    return found
