"""Domain names of API Gateway and records of Route 53, as plugins of the Serverless Framework change them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from scopedown.guard.gate import Gate

RECORDS = "route53:ChangeResourceRecordSets"


def document(action: str, **conditions: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [{**statement, **({"Condition": conditions} if conditions else {})}]}


def change(client: Any, zone: str, *names: str) -> None:
    records = [{"Name": name, "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "a.test"}]} for name in names]
    client.change_resource_record_sets(
        HostedZoneId=zone,
        ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record} for record in records]},
    )


def test_a_domain_that_nothing_is_mapped_to_lists_no_mappings() -> None:
    with Gate() as gate:
        client = gate.client("apigateway", gate.make_user("someone", [document("*")]))
        client.create_domain_name(domainName="api.shop.test", endpointConfiguration={"types": ["REGIONAL"]})
        assert client.get_base_path_mappings(domainName="api.shop.test").get("items", []) == []
        with pytest.raises(ClientError, match="NotFound"):
            client.get_base_path_mappings(domainName="other.shop.test")


def test_records_are_limited_to_the_names_of_a_condition() -> None:
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html"""
    names = {"route53:ChangeResourceRecordSetsNormalizedRecordNames": ["api.shop.test", "_*.shop.test"]}
    with Gate() as gate:
        zone = gate.client("route53").create_hosted_zone(Name="shop.test", CallerReference="1")["HostedZone"]["Id"]
        limited = document(RECORDS, **{"ForAllValues:StringLike": names})
        client = gate.client("route53", gate.make_user("someone", [limited]))
        change(client, zone, "API.shop.test.", "_acme.shop.test")
        for refused in ("www.shop.test", "*.shop.test"):
            with pytest.raises(ClientError, match="AccessDenied"):
                change(client, zone, "api.shop.test", refused)
