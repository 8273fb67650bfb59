"""Cloud Control tells a function's URL to who may read it."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from guard.cloudformation.conftest import Local

READS = {"Action": ["cloudformation:GetResource", "lambda:GetFunctionUrlConfig"], "Resource": "*"}


def test_what_is_not_there_is_not_found_by_who_may_look(local: Local) -> None:
    asking = local.gate.client("cloudcontrol", local.user(READS))
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        asking.get_resource(TypeName="AWS::Lambda::Url", Identifier="f")
    asked = [(one.check.action, one.check.resource) for one in local.gate.decided]
    assert asked == [
        ("cloudformation:GetResource", "*"),
        ("lambda:GetFunctionUrlConfig", "arn:aws:lambda:us-east-1:123456789012:function:f"),
    ]


def test_who_may_not_read_is_told_so_and_an_unknown_type_is_refused(local: Local) -> None:
    poor = local.gate.client("cloudcontrol", local.user({"Action": "cloudformation:GetResource", "Resource": "*"}))
    with pytest.raises(ClientError, match=r"AccessDenied.*lambda:GetFunctionUrlConfig"):
        poor.get_resource(TypeName="AWS::Lambda::Url", Identifier="f")
    with pytest.raises(ClientError, match="UnsupportedActionException"):
        poor.get_resource(TypeName="AWS::MSK::Cluster", Identifier="t")
    assert local.gate.unmapped == [": cloudcontrol.GetResource of AWS::MSK::Cluster is not answered"]
