"""A path with an ARN in it, whose slashes are sent encoded, is signed as the clients sign it."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from scopedown.guard.gate import Gate

ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def test_an_encoded_slash_stays_encoded_in_what_is_signed() -> None:
    with Gate() as gate:
        client = gate.client("apigateway", gate.make_user("someone", [ALL]))
        with pytest.raises(ClientError, match="Invalid Rest API Id"):  # it came as far as the service
            client.tag_resource(resourceArn="arn:aws:apigateway:us-east-1::/restapis/none/stages/dev", tags={"a": "b"})
        assert gate.strange == []
