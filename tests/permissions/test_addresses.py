"""Which resource a signed request's address names."""

from __future__ import annotations

import pytest

from scopedown.calls.model import SdkCall
from scopedown.catalog.load import catalog
from scopedown.core.place import Place
from scopedown.core.text import Att, Literal, Pseudo, Ref, Text
from scopedown.permissions.require import require

HERE = "${AWS::Region}:${AWS::AccountId}"


def resources(service: str, operation: str, **arguments: Text) -> dict[str, list[str]]:
    call = SdkCall(service, operation, arguments, Place("app.py", 1, 1), (), "signed")
    return {one.action: [str(resource.arn) for resource in one.resources] for one in require(call, catalog())}


@pytest.mark.parametrize(
    ("service", "operation", "address", "expected"),
    [
        ("appsync", "GraphQL", Text.of(Att("Api", "GraphQLUrl")), "${Api.Arn}/types/*/fields/*"),
        ("es", "ESHttpGet", Text.of("https://", Att("Find", "DomainEndpoint"), "/a"), "${Find.Arn}/*"),
        ("opensearchserverless", "APIAccessAll", Text.of(Att("Find", "CollectionEndpoint")), "${Find.Arn}"),
        ("lambda", "InvokeFunctionUrl", Text.of(Att("Link", "FunctionUrl")), "${Link.FunctionArn}"),
        (
            "es",
            "ESHttpPut",
            Text.of("https://vpc-book-shop-a1b2c3.eu-west-1.es.amazonaws.com:443/_doc"),
            "arn:${AWS::Partition}:es:eu-west-1:${AWS::AccountId}:domain/book-shop/*",
        ),
        (
            "opensearchserverless",
            "APIAccessAll",
            Text.of("a1b2c3.eu-west-1.aoss.amazonaws.com"),
            "arn:${AWS::Partition}:aoss:eu-west-1:${AWS::AccountId}:collection/a1b2c3",
        ),
    ],
)
def test_an_address_is_a_resource(service: str, operation: str, address: Text, expected: str) -> None:
    assert [expected] in resources(service, operation, url=address).values()


def test_a_function_url_needs_both_actions() -> None:
    found = resources("lambda", "InvokeFunctionUrl", url=Text.of(Att("Link", "FunctionUrl")))
    assert sorted(found) == ["lambda:InvokeFunction", "lambda:InvokeFunctionUrl"]


def test_a_request_to_an_api_is_in_its_stage_or_in_the_default_one() -> None:
    url = Text.of("https://", Ref("Api"), ".execute-api.", Pseudo("AWS::Region"), ".amazonaws.com/dev/items?page=1")
    start = f"arn:${{AWS::Partition}}:execute-api:{HERE}:${{Api}}"
    assert resources("execute-api", "Invoke", url=url, method=Text((Literal("GET"),))) == {
        "execute-api:Invoke": [f"{start}/$default/GET/dev/items", f"{start}/dev/GET/items"]
    }


def test_of_an_own_domain_the_api_is_not_known() -> None:
    [call] = require(
        SdkCall("execute-api", "Invoke", {"url": Text.of("https://api.example.com/a")}, Place("a", 1, 1), (), "signed"),
        catalog(),
    )
    assert [resource.certainty.name for resource in call.resources] == ["UNKNOWN"]


def test_a_database_connection_names_its_user() -> None:
    found = resources("rds-db", "connect", DBHostname=Text.of("db.example"), DBUsername=Text.of("app"))
    assert found == {"rds-db:connect": [f"arn:${{AWS::Partition}}:rds-db:{HERE}:dbuser:*/app"]}
