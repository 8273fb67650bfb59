"""A path with an ARN in it, whose slashes are sent encoded, or with what is sent as it is, is signed as sent."""

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


def test_what_is_sent_without_encoding_is_encoded_in_what_is_signed() -> None:
    with Gate() as gate:
        client = gate.client("apigatewaymanagementapi", gate.make_user("someone", [ALL]))
        client.post_to_connection(ConnectionId="L0SM9cOFvHcCIhw=", Data=b"hello")  # /@connections/L0SM9cOFvHcCIhw%3D
        assert gate.strange == []
        assert [one.operation for one in gate.decided] == ["apigatewaymanagementapi.PostToConnection"]
