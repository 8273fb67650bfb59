"""The SAM translator, run offline: a template in, the CloudFormation template that deploys out.

The only module that imports ``aws-sam-translator``, which takes half a second: :mod:`scopedown.project.sam.read`
imports it when a SAM template is read. The translator would ask the Serverless Application Repository about
applications, and boto3 for a region: here it asks nobody. No session and no client is made, no credential or
environment variable is read, and ``AWS::Region`` stays a pseudo parameter.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from samtranslator.metrics.metrics import DummyMetricsPublisher, Metrics
from samtranslator.model import ResourceTypeResolver
from samtranslator.model.exceptions import ExceptionWithMessage, InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.plugins.application.serverless_app_plugin import ServerlessAppPlugin
from samtranslator.plugins.policies.policy_templates_plugin import PolicyTemplatesForResourcePlugin
from samtranslator.policy_template_processor.processor import PolicyTemplatesProcessor
from samtranslator.translator import translator as library

from scopedown.project.sam.api_documents import short_copies

_UNRESOLVED: Final = "{{IntrinsicFunction:"
"""A parameter's value that begins so stays a reference: CloudFormation's own mark for what is not known yet."""
_EVENT: Final = re.compile(r"Event with id \[([^\]]+)\] is invalid")
"""How a function's message names the event that it is about."""
_REGIONS: Final = {
    "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1", "aws-iso": "us-iso-east-1", "aws-iso-b": "us-isob-east-1",
    "aws-eusc": "eusc-de-east-1",
}  # fmt: skip
"""A region of each partition: the translator derives ARNs of managed policies from it, and nothing else."""

logging.getLogger("samtranslator").addHandler(logging.NullHandler())  # else Python prints its warnings to stderr

Prepare = Callable[[str, str, dict[str, Any]], None]
"""Called with each SAM resource (its logical id, type and properties, Globals merged) before it is translated."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the translator refused something: ``resource`` and ``event`` name it where it said so, ``within`` is the SAM
    resource that it was translating."""

    message: str
    resource: str | None = None
    event: str | None = None
    within: str | None = None
    crashed: bool = False
    """The translator broke, instead of saying what is wrong."""


@dataclass(frozen=True, slots=True)
class Translated:
    """``tree`` is the template as CloudFormation, None where there are ``problems``.

    ``origins``: the SAM resource that each resource of the tree was made from; ``properties``: each SAM resource's
    properties with Globals merged, as the translator left them.
    """

    tree: dict[str, Any] | None
    origins: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def translate(
    tree: Callable[[], dict[str, Any]], parameters: Mapping[str, Any], partition: str | None, prepare: Prepare
) -> Translated:
    """Translate a plain template, which ``tree`` makes: it is changed in place. Never raises for anything that a
    template may hold."""
    with short_copies():
        made = _translated(tree(), parameters, partition, prepare)
    return made if made.tree is not None else _translated(tree(), parameters, partition, prepare)


def _translated(
    tree: dict[str, Any], parameters: Mapping[str, Any], partition: str | None, prepare: Prepare
) -> Translated:
    hooks = _Hooks(prepare)
    translator = _Translator(None, Parser(), [hooks], _Session(partition), _Silent("sam", DummyMetricsPublisher()))
    values = {"AWS::Region": _UNRESOLVED, "AWS::Partition": _UNRESOLVED, **parameters}
    try:
        made = translator.translate(tree, values, passthrough_metadata=True, get_managed_policy_map=dict)
    except InvalidDocumentException as error:
        return Translated(None, problems=tuple(translator.problem(cause) for cause in error.causes))
    except ExceptionWithMessage as error:
        return Translated(None, problems=(translator.problem(error),))
    except Exception as error:  # the translator indexes what a user wrote as though it had the right type
        resource = translator.current or hooks.current
        return Translated(None, problems=(Problem(f"{type(error).__name__}: {error}", None, None, resource, True),))
    return Translated(made, translator.origins, hooks.properties)


class _Session:
    """As much of a boto3 session as the translator asks for."""

    def __init__(self, partition: str | None) -> None:
        self.region_name = _REGIONS.get(partition or "aws", "us-east-1")


class _Silent(Metrics):  # type: ignore[misc]
    """Metrics that are not kept: kept ones are complained about when nobody publishes them."""

    def _record_metric(self, *arguments: Any, **named: Any) -> None:
        pass


class _Hooks(ServerlessAppPlugin):  # type: ignore[misc]
    """Stands where the translator would ask the Serverless Application Repository, and prepares each resource."""

    def __init__(self, prepare: Prepare) -> None:
        super().__init__(parameters={})
        self._prepare = prepare
        self.properties: dict[str, dict[str, Any]] = {}
        self.current: str | None = None

    def on_before_transform_template(self, template_dict: dict[str, Any]) -> None:
        pass

    def on_before_transform_resource(self, logical_id: str, resource_type: str, properties: dict[str, Any]) -> None:
        self.current = logical_id
        self.properties[logical_id] = properties
        self._prepare(logical_id, resource_type, properties)

    def on_after_transform_template(self, template: dict[str, Any]) -> None:
        pass


class _Translator(library.Translator):  # type: ignore[misc]
    """Remembers which SAM resource each result and each exception came from."""

    origins: dict[str, str]
    current: str | None = None

    def _get_resources_to_iterate(self, sam_template: dict[str, Any], macro_resolver: ResourceTypeResolver) -> Any:
        self.origins = {}
        resources = super()._get_resources_to_iterate(sam_template, macro_resolver)
        resolve = macro_resolver.resolve_resource_type

        def recorded(resource: dict[str, Any]) -> _Recorded:
            return _Recorded(resolve(resource), self)

        macro_resolver.resolve_resource_type = recorded
        return resources

    def problem(self, error: ExceptionWithMessage) -> Problem:
        resource = getattr(error, "_logical_id", None)
        if isinstance(resource, list):
            resource = next(iter(resource), None)
        event = getattr(error, "_event_id", None)
        if event is None and (told := _EVENT.search(error.message)) is not None:
            event = told[1]
        within = getattr(error, "_scopedown_resource", None)
        return Problem(error.message, _text(resource), _text(event), within)


def _text(name: Any) -> str | None:
    return str(name) if name else None


class _Recorded:
    """A SAM resource's class, whose one object tells the translator's memory what it makes."""

    def __init__(self, kind: Any, translator: _Translator) -> None:
        self._kind = kind
        self._translator = translator

    def from_dict(self, logical_id: str, *arguments: Any, **named: Any) -> Any:
        self._translator.current = logical_id
        try:
            macro = self._kind.from_dict(logical_id, *arguments, **named)
        except ExceptionWithMessage as error:
            error._scopedown_resource = logical_id
            raise
        make = macro.to_cloudformation

        def to_cloudformation(**named: Any) -> Iterable[Any]:
            try:
                made = make(**named)
            except ExceptionWithMessage as error:
                error._scopedown_resource = logical_id
                raise
            for resource in made:
                self._translator.origins.setdefault(resource.logical_id, logical_id)
            return made  # type: ignore[no-any-return]

        object.__setattr__(macro, "to_cloudformation", to_cloudformation)  # its own __setattr__ takes properties only
        return macro


@cache
def _policy_templates() -> PolicyTemplatesProcessor:
    return PolicyTemplatesProcessor(PolicyTemplatesProcessor.get_default_policy_templates_json())


def _policy_plugin() -> PolicyTemplatesForResourcePlugin:
    return PolicyTemplatesForResourcePlugin(_policy_templates())


# Each translation reads and validates the same two JSON files anew: 8 of its 9 ms.
library.make_policy_template_for_function_plugin = _policy_plugin
