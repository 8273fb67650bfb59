"""OpenSearch's clients: requests that carry an AWS signature need their verb, others nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Calls = Callable[..., list[str]]

PYTHON = """
import boto3, os
from opensearchpy import OpenSearch, RequestsHttpConnection, AWSV4SignerAuth, helpers
from requests_aws4auth import AWS4Auth
credentials = boto3.Session().get_credentials()
client = OpenSearch(hosts=[{'host': os.environ['HOST'], 'port': 443}], http_auth=%s, use_ssl=True,
                    connection_class=RequestsHttpConnection)
def handler(event, context):
    %s
"""


@pytest.mark.parametrize(
    ("auth", "line", "expected"),
    [
        ("AWSV4SignerAuth(credentials, 'eu-west-1')", "client.search(index='i', body={})", {"es.ESHttpPost"}),
        (
            "AWSV4SignerAuth(credentials, 'eu-west-1')",
            "client.index(index='i', body={})",
            {"es.ESHttpPost", "es.ESHttpPut"},
        ),
        (
            "AWSV4SignerAuth(credentials, 'eu-west-1', 'aoss')",
            "client.bulk(body=[])",
            {"opensearchserverless.APIAccessAll"},
        ),
        (
            "AWS4Auth(service='es', region='eu-west-1', refreshable_credentials=credentials)",
            "client.indices.exists(index='i')",
            {"es.ESHttpHead"},
        ),
        ("AWSV4SignerAuth(credentials, 'eu-west-1')", "helpers.bulk(client, [])", {"es.ESHttpPost"}),
        ("AWSV4SignerAuth(credentials, 'eu-west-1')", "client.cat.indices()", {"es.ESHttpGet"}),
        (
            "AWSV4SignerAuth(credentials, 'eu-west-1')",
            "client.transport.perform_request('PUT', '/i')",
            {"es.ESHttpPut"},
        ),
        (
            "AWSV4SignerAuth(credentials, 'eu-west-1', 'aoss')",
            "client.transport.perform_request(event['verb'], url='/i')",
            {"opensearchserverless.APIAccessAll"},
        ),
        ("AWSV4SignerAuth(credentials, 'eu-west-1')", "client.plugins.ml.search_models(body={})", {"es.ESHttpPost"}),
        ("AWSV4SignerAuth(credentials, 'eu-west-1')", "client.ml.create_connector(body={})", {"es.ESHttpPost"}),
        ("AWSV4SignerAuth(credentials, 'eu-west-1')", "client.search_pipeline.put('p', {})", {"es.ESHttpPut"}),
        ("AWSV4SignerAuth(credentials, 'eu-west-1')", "client.transport.close()", set()),
        ("('name', 'password')", "client.transport.perform_request('GET', '/')", set()),
        ("('name', 'password')", "client.search(index='i')", set()),
    ],
)
def test_a_client_in_python(python_calls: Calls, auth: str, line: str, expected: set[str]) -> None:
    assert {one.partition(" ")[0] for one in python_calls(PYTHON % (auth, line))} == expected


JAVASCRIPT = """
const {{ defaultProvider }} = require('@aws-sdk/credential-provider-node');
const {{ Client }} = require('@opensearch-project/opensearch');
const {{ AwsSigv4Signer }} = require('@opensearch-project/opensearch/aws');
const client = new Client({{ {signer} node: process.env.NODE }});
exports.handler = async () => {{ {line} }};
"""
SIGNER = "...AwsSigv4Signer({{ region: 'eu-west-1', {0}getCredentials: () => defaultProvider()() }}),"


@pytest.mark.parametrize(
    ("signer", "line", "expected"),
    [
        (SIGNER.format(""), "await client.search({ index: 'i' })", {"es.ESHttpPost"}),
        (SIGNER.format(""), "await client.indices.putMapping({ index: 'i' })", {"es.ESHttpPut"}),
        (SIGNER.format("service: 'aoss', "), "await client.index({})", {"opensearchserverless.APIAccessAll"}),
        (SIGNER.format(""), "await client.transport.request({ method: 'delete', path: '/i' })", {"es.ESHttpDelete"}),
        (SIGNER.format(""), "await client.searchPipeline.put({ id: 'p' })", {"es.ESHttpPut"}),
        (SIGNER.format(""), "client.transport.on('response', () => {})", set()),
        ("auth: { username: 'u' },", "await client.search({})", set()),
    ],
)
def test_a_client_in_javascript(javascript_calls: Calls, signer: str, line: str, expected: set[str]) -> None:
    found = javascript_calls(JAVASCRIPT.format(signer=signer, line=line))
    assert {one.partition(" ")[0] for one in found} == expected
