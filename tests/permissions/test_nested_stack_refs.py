"""Resources of several stacks in the policy of one stack's function."""

from __future__ import annotations

from dataclasses import replace

from permission_words import a_function, a_project, sdk_call, short

from scopedown.catalog.load import SqliteCatalog
from scopedown.core.text import Att, EnvVar, Ref
from scopedown.permissions.bind import bind
from scopedown.permissions.cycles import seen_from
from scopedown.permissions.require import require


def test_a_resource_of_the_functions_own_stack_has_the_id_of_that_stacks_template(facts: SqliteCatalog) -> None:
    project = a_project({"Api/Orders": "AWS::DynamoDB::Table", "Storage/Files": "AWS::S3::Bucket"})
    function = replace(
        a_function({"TABLE": Att("Api/Orders", "Arn"), "BUCKET": Ref("Storage/Files")}), logical_id="Api/Hello"
    )
    found = [
        seen_from(function, bind(one, function, project, facts))
        for call in (
            sdk_call("dynamodb.GetItem", {"TableName": EnvVar("TABLE")}),
            sdk_call("s3.ListObjectsV2", {"Bucket": EnvVar("BUCKET")}),
        )
        for one in require(call, facts)
    ]
    assert [short(resource.arn) for one in found for resource in one.resources] == [
        "${Orders.Arn}", "arn:P:s3:::${Storage/Files}",
    ]  # fmt: skip
