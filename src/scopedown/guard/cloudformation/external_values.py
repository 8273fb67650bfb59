"""What a template takes from beside itself while its stack is deployed: exports, zones, parameters and secrets.

Each is asked for in the caller's name, as the pages of the functions say.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from botocore.exceptions import ClientError

from scopedown.guard.cloudformation.driver import AsCaller
from scopedown.guard.cloudformation.engine import Engine
from scopedown.guard.cloudformation.template import NoExportError, TemplateError

PUBLIC: Final = "/aws/service/"
"""How the names of AWS's own parameters begin, which every account has; moto knows a few
(https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html)."""


@dataclass
class AroundStack:
    """See :class:`~.functions.Outside`. ``imports`` are the names that were imported."""

    engine: Engine
    hands: AsCaller
    imports: set[str] = field(default_factory=set)

    def imported(self, name: str) -> str:
        """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html"""
        found = self.engine.exports(self.hands.account, self.hands.region).get(name)
        if found is None and self._is_taken("export", name):
            return self._assumed(f"no stack exports {name}", name)
        if found is None:
            raise NoExportError(f"No export named {name} found.")
        self.imports.add(name)
        return found[0].value

    def zones(self, region: str) -> list[str]:
        """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html"""
        self.hands.ask("ec2", "DescribeAvailabilityZones")
        if region == self.hands.region:
            found = self.hands.perform("ec2", "DescribeAvailabilityZones", {})["AvailabilityZones"]
            names = sorted(str(one["ZoneName"]) for one in found)
            if names and names[0].startswith(region):
                return names
        return [f"{region}{letter}" for letter in "abc"]

    def parameters(self, names: list[str]) -> dict[str, str]:
        """Values of Parameter Store for parameters of the template."""
        self.hands.ask("ssm", "GetParameters", Names=names)
        found = self._perform("ssm", "GetParameters", {"Names": names})["Parameters"]
        values = {str(one["Name"]): str(one["Value"]) for one in found}
        for name in names:
            if name not in values and (name.startswith(PUBLIC) or self._is_taken("parameter", name)):
                values[name] = self._assumed(f"the parameter {name} is not in the local AWS", _value_of(name))
        if missing := [name for name in names if name not in values]:
            raise TemplateError(
                f"Unable to fetch parameters [{','.join(missing)}] from parameter store for this account."
            )
        return values

    def dynamic(self, service: str, reference: str) -> str:
        """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html"""
        if service in ("ssm", "ssm-secure"):
            return self._parameter(reference, service == "ssm-secure")
        if service == "secretsmanager":
            return self._secret(reference)
        raise TemplateError(f"Template error: {{{{resolve:{service}:{reference}}}}} is no dynamic reference")

    def _parameter(self, reference: str, secure: bool) -> str:
        """``name`` or ``name:version``."""
        name, _, version = reference.partition(":")
        asked = f"{name}:{version}" if version else name
        self.hands.ask("ssm", "GetParameters", Names=[name])
        found = self._perform("ssm", "GetParameters", {"Names": [asked], "WithDecryption": secure})["Parameters"]
        if not found and (name.startswith(PUBLIC) or self._is_taken("parameter", name)):
            return self._assumed(f"the parameter {name} is not in the local AWS", _value_of(name))
        if not found:
            raise TemplateError(f"Parameters: [ssm:{asked}] cannot be found.")
        return str(found[0]["Value"])

    def _secret(self, reference: str) -> str:
        """``secret-id:SecretString:json-key:version-stage:version-id``, the id being a name or an ARN."""
        parts = reference.split(":")
        length = 7 if parts[0] == "arn" else 1
        id, (kind, key, stage, version) = ":".join(parts[:length]), [*parts[length:], "", "", "", ""][:4]
        if kind not in ("", "SecretString"):
            raise TemplateError(f"Template error: {{{{resolve:secretsmanager:{reference}}}}} is no dynamic reference")
        given = {"SecretId": id, **({"VersionStage": stage} if stage else {}),
                 **({"VersionId": version} if version else {})}  # fmt: skip
        self.hands.ask("secretsmanager", "GetSecretValue", **given)
        try:
            found = str(self._perform("secretsmanager", "GetSecretValue", given).get("SecretString", ""))
        except TemplateError:
            if not self._is_taken("secret", id):
                raise
            return self._assumed(f"the secret {id} is not in the local AWS", "stand-in")
        if not key:
            return found
        try:
            value = json.loads(found)[key]
        except (ValueError, KeyError, TypeError):
            raise TemplateError(f"Could not find a value associated with JSONKey in SecretString ({key})") from None
        return value if isinstance(value, str) else json.dumps(value)

    def _is_taken(self, thing: str, name: str) -> bool:
        known = self.hands.gate.existence
        return name in known.declared or known.take(thing, name, self.hands.logical_id)

    def _assumed(self, reason: str, value: str) -> str:
        self.hands.stand_in(f"{reason}: {value} stands in for it")
        self.hands.gate.existence.stand_for(value)
        return value

    def _perform(self, service: str, operation: str, given: dict[str, Any]) -> Any:
        try:
            return self.hands.perform(service, operation, given)
        except ClientError as error:
            raise TemplateError(str(error.response["Error"].get("Message", error))) from None


def _value_of(name: str) -> str:
    """What stands in for a parameter: an image's id where the name is of one."""
    return "ami-0abcdef1234567890" if "/ami-" in name or "/image_id" in name else name.rstrip("/").rpartition("/")[2]
