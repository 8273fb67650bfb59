"""Cloud Control's GetResource: a resource as the registry's read handler tells it, in the caller's name.

moto does not know the service. ``sam list endpoints`` asks it for the URLs of functions; a type without a reader
(:mod:`.readers`) is refused and told.
https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_GetResource.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from scopedown.guard.authority import Authority
from scopedown.guard.cloudformation import readers
from scopedown.guard.cloudformation.driver import DeniedError
from scopedown.guard.cloudformation.service_client import AsCaller
from scopedown.guard.model import Principal
from scopedown.guard.request import Asked
from scopedown.guard.responses import RefusedError, denial


def answer(gate: Authority, who: Principal, asked: Asked) -> Mapping[str, Any]:
    """The answer to one operation, authorised. Raises RefusedError."""
    if failed := gate.authorise(who, "cloudcontrol", asked.operation, asked.parameters, region=asked.region):
        raise denial(asked.protocol, failed[0][1])
    type, identifier = str(asked.parameters.get("TypeName")), str(asked.parameters.get("Identifier"))
    if asked.operation != "GetResource" or not readers.is_readable(type):
        gate.unmapped.append(f"{gate.during}: cloudcontrol.{asked.operation} of {type} is not answered")
        raise RefusedError("UnsupportedActionException", f"{asked.operation} of {type} is not answered here")
    hands = AsCaller(gate, who, who.account, asked.region)
    try:
        found = readers.read(hands, type, readers.identified(hands, type, identifier, {}), everything=True)
    except DeniedError as error:
        raise denial(asked.protocol, str(error)) from None
    except (readers.GoneError, ClientError) as error:
        message = f"Resource of type '{type}' with identifier '{identifier}' was not found."
        raise RefusedError("ResourceNotFoundException", message) from error
    properties = {path: value for path, value in found.items() if value is not None and "." not in path}
    return {
        "TypeName": type,
        "ResourceDescription": {"Identifier": identifier, "Properties": json.dumps(properties, default=str)},
    }
