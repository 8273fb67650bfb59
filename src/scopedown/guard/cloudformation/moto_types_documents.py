"""Documents that a property names in S3: a state machine's definition, an API's description, a schema.

In: a type's properties, a client of S3 that may read everything. Out: the properties with the document in place of its
location, as the operations of ``moto_types.tsv`` take it. Whether CloudFormation may read it was checked before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

LOCATIONS = {
    "AWS::ApiGateway::RestApi": ("BodyS3Location", "Body"),
    "AWS::ApiGatewayV2::Api": ("BodyS3Location", "Body"),
    "AWS::StepFunctions::StateMachine": ("DefinitionS3Location", "DefinitionString"),
}
"""The property that holds the location and the one that holds the document, by type (each type's page)."""


def with_document(type: str, properties: Mapping[str, Any], s3: Any) -> Mapping[str, Any]:
    """The properties with the document, where it can be read."""
    location, name = LOCATIONS.get(type, ("", ""))
    place = properties.get(location)
    if not isinstance(place, Mapping):
        return properties
    try:
        content = s3.get_object(Bucket=place.get("Bucket", ""), Key=place.get("Key", ""))["Body"].read()
    except ClientError:
        return properties
    return {**properties, name: read(content.decode("utf-8", "replace"))}


def read(content: str) -> Any:
    """A document in JSON or YAML as a mapping; as it is where it is neither."""
    import yaml

    try:
        return json.loads(content)
    except ValueError:
        try:
            return yaml.safe_load(content)
        except yaml.YAMLError:
            return content
