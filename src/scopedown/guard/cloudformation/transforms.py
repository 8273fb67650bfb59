"""Transforms: SAM and the language extensions, carried out as far as this machine can.

In: a template as it was given, its parameters' values, and how an included file is read. Out: the template that is
deployed. Macros are functions of the account, which are not run: a template that names one is refused in the words of a
macro that is not registered.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.documents.document import Files
from scopedown.documents.nodes import ListNode, MapNode
from scopedown.guard.cloudformation.functions import Scope as Constants
from scopedown.guard.cloudformation.functions import evaluate
from scopedown.guard.cloudformation.template import Template, TemplateError, plain, read, section
from scopedown.project.cloudformation.expand import Expander
from scopedown.project.intrinsics import Scope
from scopedown.project.references import functions

SAM: Final = "AWS::Serverless-2016-10-31"
LANGUAGE: Final = "AWS::LanguageExtensions"
INCLUDE: Final = "AWS::Include"
REPOSITORY: Final = "serverlessrepo://"
"""How the URL of a template begins that is in the Serverless Application Repository; AWS's own are in its buckets."""
Fetch = Callable[[str], str]
"""The text of an object of S3, by its URL."""


class _Nowhere:
    """Nothing stands outside of a location that parameters fill in."""

    def imported(self, name: str) -> str:
        raise TemplateError(f"No export named {name} found.")

    def zones(self, region: str) -> list[str]:
        return []

    def dynamic(self, service: str, reference: str) -> str:
        return ""


def declared(tree: Mapping[str, Any]) -> list[str]:
    """The names of a template's transforms, those within it as well."""
    listed = tree.get("Transform") or []
    names = [mapping.get("Name") if isinstance(mapping, Mapping) else mapping for mapping in
             (listed if isinstance(listed, list) else [listed])]  # fmt: skip
    names += [argument.get("Name") for name, argument in functions(tree)
              if name == "Fn::Transform" and isinstance(argument, Mapping)]  # fmt: skip
    return list(dict.fromkeys(str(one) for one in names))


def processed(tree: Mapping[str, Any], values: Mapping[str, str], account: str, fetch: Fetch) -> Template:
    """The template without transforms. Raises TemplateError, and what ``fetch`` raises."""
    names = declared(tree)
    for name in names:
        if name not in (SAM, LANGUAGE, INCLUDE):
            known = name.startswith("AWS::")
            raise TemplateError(
                f"Transform {name} is not carried out here" if known else f"No transform named {account}::{name} found."
            )
    found: dict[str, Any] = plain(tree)
    if INCLUDE in names:
        found = _included(found, values, fetch)
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


def _included(tree: dict[str, Any], values: Mapping[str, str], fetch: Fetch) -> dict[str, Any]:
    """Each ``AWS::Include`` replaced by the file that it names, which stands beside what is written there
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html)."""
    mappings = section(tree, "Mappings")

    def content(call: Mapping[str, Any]) -> dict[str, Any]:
        given = call.get("Parameters")
        location = given.get("Location") if isinstance(given, Mapping) else None
        found = (
            evaluate(location, Constants({}, _Nowhere(), values, mappings, planning=True))
            if location is not None
            else None
        )
        if not isinstance(found, str):
            raise TemplateError(f"Transform {INCLUDE} failed with: The value for parameter 'Location' is missing")
        try:
            return read(fetch(found))
        except TemplateError as error:
            raise TemplateError(f"Transform {INCLUDE} failed with: {error}") from None

    def walked(node: Any) -> Any:
        if isinstance(node, list):
            return [walked(item) for item in node]
        if not isinstance(node, dict):
            return node
        call = node.get("Fn::Transform")
        if isinstance(call, Mapping) and call.get("Name") == INCLUDE:
            own = {key: walked(value) for key, value in node.items() if key != "Fn::Transform"}
            return {**content(call), **own}
        return {key: walked(value) for key, value in node.items()}

    listed = tree.get("Transform") or []
    made: dict[str, Any] = walked({key: value for key, value in tree.items() if key != "Transform"})
    for call in listed if isinstance(listed, list) else [listed]:
        if isinstance(call, Mapping) and call.get("Name") == INCLUDE:
            for name, part in content(call).items():
                both = isinstance(part, dict) and isinstance(made.get(name), dict)
                made[name] = {**part, **made[name]} if both else made.get(name, part)
    return made


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


def _prepare(id: str, type: str, properties: dict[str, Any]) -> None:
    """What the service puts in the place of a nested application before it translates: the URL of its template.
    Of the Serverless Application Repository it is :data:`REPOSITORY` with the application's ARN."""
    location = properties.get("Location")
    if type == "AWS::Serverless::Application" and location:
        is_published = isinstance(location, Mapping) and "ApplicationId" in location
        properties["TemplateUrl"] = f"{REPOSITORY}{location['ApplicationId']}" if is_published else location


def _translated(tree: dict[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/, by aws-sam-translator."""
    from scopedown.project.sam.engine import translate

    made = translate(lambda: copy.deepcopy(tree), values, "aws", _prepare)
    if made.tree is None or made.problems:
        told = " ".join(problem.message for problem in made.problems)
        raise TemplateError(
            f"Transform {SAM} failed with: Invalid Serverless Application Specification document. Number of errors "
            f"found: {len(made.problems)}. {told}"
        )
    found: dict[str, Any] = plain(made.tree)
    for name in ("Transform", "Globals"):
        found.pop(name, None)
    return found
