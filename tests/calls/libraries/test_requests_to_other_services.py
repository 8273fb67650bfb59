"""Requests that code signs for a service of which no request is known are parts of the code that was not seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources


def javascript(folder: Path, body: str) -> CallReport:
    (folder / "app.mjs").write_text(
        'import aws4 from "aws4"\nimport { AwsClient } from "aws4fetch"\n'
        f"export const handler = async (event) => {{ {body} }}\n"
    )
    return find_calls(Sources(str(folder)), catalog(), {}, "app.mjs", "handler")


@pytest.mark.parametrize(
    ("body", "may_call"),
    [
        ('aws4.sign({service: "sqs", host: "sqs.eu-west-1.amazonaws.com", path: "/"})', ("sqs:*",)),
        ('aws4.sign({service: "monitoring", host: "monitoring.eu-west-1.amazonaws.com"})', ("cloudwatch:*",)),
        ('aws4.sign({service: "neptune-db", host: process.env.HOST})', ("neptune-db:*",)),
        ('aws4.sign({service: "newer-than-the-data", host: process.env.HOST})', ("*",)),
        ("aws4.sign({service: event.service, host: process.env.HOST})", ("*",)),
        ("aws4.sign({host: process.env.HOST})", ("*",)),
        ('aws4.sign({service: "es", method: event.method, host: "search-x.eu-west-1.es.amazonaws.com"})', ("es:*",)),
        ('await new AwsClient({service: "lambda"}).fetch("https://lambda.eu-west-1.amazonaws.com/x")', ("lambda:*",)),
    ],
)
def test_what_they_may_need_is_limited_to_their_service(tmp_path: Path, body: str, may_call: tuple[str, ...]) -> None:
    report = javascript(tmp_path, body)
    assert [(one.may_call) for one in report.unseen] == [may_call]
    assert report.unseen[0].what.startswith("a request that the code signs for")


@pytest.mark.parametrize(
    "body",
    [
        'aws4.sign({host: "storage.example.com", path: "/b/k"})',
        'aws4.sign({service: "execute-api", host: "x.execute-api.eu-west-1.amazonaws.com"})',
        'aws4.sign({service: "sqs"}, {accessKeyId: "AKIA", secretAccessKey: "s"})',
    ],
)
def test_other_vendors_others_credentials_and_known_requests_are_seen(tmp_path: Path, body: str) -> None:
    assert javascript(tmp_path, body).unseen == ()
