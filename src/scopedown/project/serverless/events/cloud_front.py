"""The event ``cloudFront`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/cloud-front.js``)."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.service import Service


def statements(service: Service) -> Iterator[DeclaredStatement]:
    """Lambda@Edge writes its logs in the regions where it runs."""
    for _, event in service.events_of("cloudFront"):
        yield allow(
            ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:TagResource"),
            [{"Fn::Sub": "arn:${AWS::Partition}:logs:*:*:*"}],
            event.place,
        )
        return


def principals(service: Service) -> Iterator[str]:
    """Lambda@Edge assumes the role of the functions that it runs."""
    for _ in service.events_of("cloudFront"):
        yield "edgelambda.amazonaws.com"
        return
