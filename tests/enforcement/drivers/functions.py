"""AWS::Lambda types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generated_names import generated
from scopedown.guard.cloudformation.driver import AsCaller, Place, tags_of
from scopedown.guard.cloudformation.template import Made
from scopedown.guard.model import ACCOUNT, REGION

CONFIGURED = (
    "Architectures", "DeadLetterConfig", "Description", "Environment", "EphemeralStorage", "Handler", "KMSKeyArn",
    "Layers", "LoggingConfig", "MemorySize", "PackageType", "Role", "Runtime", "SnapStart", "Timeout", "TracingConfig",
    "VpcConfig",
)  # fmt: skip
NUMBERS = ("MemorySize", "Timeout")


def _configured(properties: Mapping[str, Any], names: frozenset[str] = frozenset(CONFIGURED)) -> dict[str, Any]:
    found = {name: properties[name] for name in CONFIGURED if name in properties and name in names}
    return {name: int(value) if name in NUMBERS else value for name, value in found.items()}


class Function:
    """CreateFunction with its code in S3, which Lambda reads as the caller
    (https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html); GetFunction until it is active."""

    replaced_by = frozenset({"FunctionName", "PackageType"})

    def create(self, aws: AsCaller, place: Place, properties: Mapping[str, Any]) -> Made:
        name = properties.get("FunctionName") or generated(place, 64)
        tags = tags_of(place, properties)
        self._read_code(aws, properties["Code"])
        aws.call(
            "lambda", "CreateFunction", FunctionName=name, Code=properties["Code"], **_configured(properties),
            **({"Tags": tags} if tags else {}),
        )  # fmt: skip
        aws.ask("lambda", "GetFunction", FunctionName=name)
        return Made(name, {"Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"})

    def update(
        self, aws: AsCaller, place: Place, made: Made, properties: Mapping[str, Any], changed: frozenset[str]
    ) -> None:
        if "Code" in changed:
            self._read_code(aws, properties["Code"])
            aws.call("lambda", "UpdateFunctionCode", FunctionName=made.physical, **properties["Code"])
        if settings := _configured(properties, changed):
            aws.call("lambda", "UpdateFunctionConfiguration", FunctionName=made.physical, **settings)
        if changed & {"Tags", "stack tags"}:
            aws.call("lambda", "TagResource", Resource=made.attributes["Arn"], Tags=tags_of(place, properties))
        aws.ask("lambda", "GetFunction", FunctionName=made.physical)

    def _read_code(self, aws: AsCaller, code: Mapping[str, Any]) -> None:
        if "S3Bucket" in code:
            aws.ask("s3", "GetObject", Bucket=code["S3Bucket"], Key=code["S3Key"])

    def delete(self, aws: AsCaller, made: Made) -> None:
        aws.call("lambda", "DeleteFunction", FunctionName=made.physical)


class Version:
    """PublishVersion; ListVersionsByFunction and GetFunctionConfiguration are in the registry's create handler."""

    replaced_by = frozenset({"FunctionName", "CodeSha256", "Description"})

    def create(self, aws: AsCaller, place: Place, properties: Mapping[str, Any]) -> Made:
        name = properties["FunctionName"]
        aws.ask("lambda", "ListVersionsByFunction", FunctionName=name)
        number = aws.call("lambda", "PublishVersion", FunctionName=name)["Version"]
        aws.ask("lambda", "GetFunctionConfiguration", FunctionName=name, Qualifier=number)
        function = name if name.startswith("arn:") else f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
        return Made(f"{function}:{number}", {"Version": number, "FunctionArn": f"{function}:{number}"})

    def update(
        self, aws: AsCaller, place: Place, made: Made, properties: Mapping[str, Any], changed: frozenset[str]
    ) -> None:
        """Nothing of a version is changed in place but its concurrency, which has no driver yet."""

    def delete(self, aws: AsCaller, made: Made) -> None:
        function, _, number = made.physical.rpartition(":")
        aws.call("lambda", "DeleteFunction", FunctionName=function, Qualifier=number)
