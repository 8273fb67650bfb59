"""What plugins of the Serverless Framework call is granted, and only where the project is configured for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.deploy.commands import asked_commands, commands_of
from scopedown.deploy.model import Plan
from scopedown.deploy.plan import plan
from scopedown.deploy.rows import command_rows, plugin_rows
from scopedown.project.load import load_compiled, load_project
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.serverless.plugins import table

ZONE = "arn:aws:route53:::hostedzone/"
DOMAIN = "custom: {customDomain: {domainName: Api.shop.test, hostedZoneId: Z1, endpointType: regional%s}}\n"


def project(folder: Path, plugins: str, rest: str = "", events: str = "events: [{http: GET /}]") -> Project:
    (folder / "h.py").write_text("")
    (folder / "serverless.yml").write_text(
        "service: s\nprovider: {name: aws, runtime: python3.12}\n"
        f"plugins: [{plugins}]\n{rest}functions: {{f: {{handler: h.main, {events}}}}}\n"
    )
    return load_project(folder, Options(account="111122223333"))


def planned(found: Project, *commands: str, framework: str = "v3") -> Plan:
    return plan(found, catalog(), framework, commands or ("deploy",))


def granted(made: Plan, action: str) -> dict[str, dict[str, dict[str, tuple[str, ...]]]]:
    """Resource → conditions of an action in a plan."""
    return {
        arn: {operator: dict(keys) for operator, keys in one.conditions.items()}
        for one in made.permissions
        if one.action == action
        for arn in one.resources
    }


@pytest.mark.parametrize("framework", ["osls", "v3"])
def test_binary_types_are_put_into_the_rest_api_after_the_deployment(tmp_path: Path, framework: str) -> None:
    found = project(tmp_path, "serverless-apigw-binary", "custom: {apigwBinary: {types: ['*/*']}}\n")
    made = planned(found, framework=framework)
    (one,) = (one for one in made.permissions if "apigateway.PutRestApi" in str(one.because))
    assert one.action == "apigateway:PUT"
    assert [str(arn) for arn in one.resources] == ["arn:aws:apigateway:us-east-1::/restapis/*"]


def test_without_the_plugin_nobody_may_overwrite_the_rest_api(tmp_path: Path) -> None:
    made = planned(project(tmp_path, "serverless-offline"))
    assert not [one for one in made.permissions if "apigateway.PutRestApi" in str(one.because)]


def test_old_versions_are_pruned_only_where_the_project_says_so(tmp_path: Path) -> None:
    automatic = project(tmp_path, "serverless-prune-plugin", "custom: {prune: {automatic: true, number: 3}}\n")
    assert granted(planned(automatic), "lambda:DeleteFunction") == {
        "arn:aws:lambda:us-east-1:111122223333:function:s-dev-f": {},
        "arn:aws:lambda:us-east-1:111122223333:function:s-dev-f:*": {},
    }
    by_hand = project(tmp_path, "serverless-prune-plugin")
    assert not granted(planned(by_hand), "lambda:ListAliases")
    assert granted(planned(by_hand, "prune"), "lambda:ListAliases")


def test_a_domain_is_mapped_by_its_name_and_made_only_by_its_own_command(tmp_path: Path) -> None:
    found = project(tmp_path, "serverless-domain-manager", DOMAIN % "")
    deploys = planned(found)
    assert "arn:aws:apigateway:us-east-1::/domainnames/Api.shop.test/basepathmappings" in granted(
        deploys, "apigateway:POST"
    )
    assert not granted(deploys, "route53:ChangeResourceRecordSets")
    assert not granted(deploys, "acm:ListCertificates")
    makes = planned(found, "create_domain")
    assert granted(makes, "route53:ChangeResourceRecordSets") == {
        f"{ZONE}Z1": {
            "ForAllValues:StringLike": {
                "route53:ChangeResourceRecordSetsNormalizedRecordNames": ("api.shop.test",),
            }
        }
    }
    assert granted(makes, "acm:ListCertificates")
    assert not granted(makes, "cloudfront:UpdateDistribution"), "a regional domain has no distribution"


def test_a_domain_of_its_own_is_made_by_the_deployment(tmp_path: Path) -> None:
    found = project(tmp_path, "serverless-domain-manager", DOMAIN % ", autoDomain: true")
    assert f"{ZONE}Z1" in granted(planned(found), "route53:ChangeResourceRecordSets")
    assert "arn:aws:apigateway:us-east-1::/domainnames/Api.shop.test" in granted(
        planned(found, "remove"), "apigateway:DELETE"
    )


def test_domains_of_several_kinds_have_the_calls_of_their_kind(tmp_path: Path) -> None:
    written = (
        "custom:\n  customDomains:\n"
        "    - http: {domainName: http.shop.test, endpointType: regional, createRoute53Record: false}\n"
        "    - rest: {domainName: edge.shop.test, createRoute53Record: false, autoDomain: true}\n"
        "    - {domainName: off.shop.test, enabled: false}\n"
    )
    made = planned(project(tmp_path, "serverless-domain-manager", written))
    posts = granted(made, "apigateway:POST")
    assert "arn:aws:apigateway:us-east-1::/domainnames/http.shop.test/apimappings" in posts
    assert "arn:aws:apigateway:us-east-1::/domainnames/edge.shop.test/basepathmappings" in posts
    assert granted(made, "cloudfront:UpdateDistribution")
    assert not [arn for one in made.permissions for arn in one.resources if "off.shop" in arn]
    assert not granted(made, "route53:ChangeResourceRecordSets")


def test_a_domain_that_nothing_tells_leaves_its_name_open_and_says_so(tmp_path: Path) -> None:
    found = project(tmp_path, "serverless-domain-manager", "custom: {customDomain: {domainName: '${env:DOMAIN}'}}\n")
    made = planned(found)
    assert "arn:aws:apigateway:us-east-1::/domainnames/*" in granted(made, "apigateway:GET")
    assert [one for one in made.unresolved if "DOMAIN" in str(one)]


def test_files_are_put_into_the_buckets_and_below_the_prefixes_that_are_named(tmp_path: Path) -> None:
    written = (
        "custom:\n  s3Sync:\n"
        "    - {bucketName: site, bucketPrefix: assets/, localDir: dist}\n"
        "    - {bucketNameKey: Made, localDir: dist}\n"
        "    - {bucketName: off, localDir: dist, enabled: false}\n"
        "resources:\n  Resources:\n    Own: {Type: 'AWS::S3::Bucket', Properties: {BucketName: own-bucket}}\n"
        "  Outputs:\n    Made: {Value: {Ref: Own}}\n"
    )
    made = planned(project(tmp_path, "serverless-s3-sync", written))
    objects = granted(made, "s3:PutObject")
    assert {"arn:aws:s3:::site/assets/*", "arn:aws:s3:::own-bucket/*"} <= set(objects)
    assert not [arn for arn in objects if "off" in arn]
    assert "arn:aws:s3:::site" not in granted(made, "s3:PutBucketTagging"), "only bucketTags are written"


def test_web_sites_of_lift_are_the_buckets_that_their_stack_makes(tmp_path: Path) -> None:
    written = (
        "constructs: {landing: {type: static-website, path: dist}, jobs: {type: queue, worker: {handler: h.main}}, "
        "pages: {type: server-side-website, assets: {/css/*: css}}}\n"
    )
    made = planned(project(tmp_path, "serverless-lift", written))
    buckets = {"arn:aws:s3:::s-dev-landingbucket2b5c7526-*/*", "arn:aws:s3:::s-dev-pagesassets4ff6f4ff-*/*"}
    assert buckets <= set(granted(made, "s3:PutObject"))
    assert granted(made, "cloudfront:CreateInvalidation")


def test_parameters_are_named_without_the_slash_that_begins_them(tmp_path: Path) -> None:
    found = project(tmp_path, "serverless-ssm-fetch", "custom: {serverlessSsmFetch: {KEY: /app/key~true}}\n")
    assert "arn:aws:ssm:us-east-1:111122223333:parameter/app/key" in granted(planned(found), "ssm:GetParameter")
    assert granted(planned(found), "kms:Decrypt")


def test_plugins_that_are_configured_to_do_nothing_get_nothing(tmp_path: Path) -> None:
    for name in (
        "serverless-domain-manager",
        "serverless-s3-sync",
        "serverless-certificate-creator",
        "serverless-lift",
    ):
        made = planned(project(tmp_path, name))
        with_it = {one.action for one in made.permissions}
        without = {one.action for one in planned(project(tmp_path, "serverless-offline")).permissions}
        assert with_it - without <= {"apigateway:GET"}, name


def test_commands_of_a_plugin_are_commands_only_where_the_project_has_it() -> None:
    assert "create_domain" not in commands_of("v3")
    assert "create_domain" in commands_of("v3", ["serverless-domain-manager"])
    assert asked_commands("create-domain, deploy", "v3", ["serverless-domain-manager"]) == ("create_domain", "deploy")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (
            "serverless-pipes",
            "scopedown does not know whether it calls AWS by itself (EventBridge pipes and their roles)",
        ),
        ("./plugins/own", "scopedown does not know whether it calls AWS by itself"),
        ("serverless-plugin-scripts", "it runs the commands below custom.scripts"),
    ],
)
def test_a_plugin_whose_calls_are_in_no_table_is_named(tmp_path: Path, name: str, reason: str) -> None:
    made = planned(project(tmp_path, name))
    (named,) = (one for one in made.unresolved if one.subject == f"plugin {name}")
    assert named.reason == reason and named.effect == "the policy allows none of its calls"


def test_what_remains_of_a_plugin_is_named_where_it_is_configured(tmp_path: Path) -> None:
    plain = planned(project(tmp_path, "serverless-plugin-aws-alerts", "custom: {alerts: {alarms: [functionErrors]}}\n"))
    assert not [one for one in plain.unresolved if one.subject.startswith("plugin")]
    own_stack = "custom: {alerts: {externalStack: {nameSuffix: -watch}}}\n"
    made = planned(project(tmp_path, "serverless-plugin-aws-alerts", own_stack))
    (named,) = (one for one in made.unresolved if one.subject.startswith("plugin"))
    assert named.effect == "the policy lacks that"
    assert "arn:aws:cloudformation:us-east-1:111122223333:stack/s-dev-watch/*" in granted(
        made, "cloudformation:CreateStack"
    )


@pytest.mark.parametrize("name", ["serverless-offline", "serverless-esbuild", "serverless-apigw-binary"])
def test_a_plugin_without_calls_or_with_rows_is_not_named(tmp_path: Path, name: str) -> None:
    made = planned(project(tmp_path, name))
    assert not [one for one in made.unresolved if one.subject.startswith("plugin")]


def test_every_row_of_a_plugin_names_one_that_was_read() -> None:
    of_plugins = [row for row in command_rows("v3") if row.plugin]
    assert {row.plugin for row in of_plugins} == {name for name, row in plugin_rows().items() if row.calls == "rows"}
    assert all(row.when.split()[0] == f"plugins.{row.plugin}" for row in of_plugins)
    for row in of_plugins:  # each alternative of a condition asks for the plugin
        assert all(f"plugins.{row.plugin}" in one for one in row.when.split("|")), row


def test_every_plugin_says_what_of_it_was_read() -> None:
    for name, row in plugin_rows().items():
        assert row.calls in ("none", "rows", "open"), name
        assert row.source.startswith("read: ") or name == "serverless-scopedown", name
        assert bool(row.remains) or row.calls != "open", name


def test_plugins_that_are_said_to_call_aws_were_read() -> None:
    calling = {name for name, (effect, _) in table().items() if effect == "calls"}
    assert not {name for name in calling if plugin_rows()[name].calls == "none"}


def test_a_compiled_project_knows_its_plugins_and_their_configuration(tmp_path: Path) -> None:
    """The framework writes a value that occurs twice once, and a reference to it elsewhere."""
    folder = tmp_path / ".serverless"
    folder.mkdir()
    template = folder / "cloudformation-template-update-stack.json"
    template.write_text(json.dumps({"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}))
    (folder / "serverless-state.json").write_text(json.dumps({
        "service": {
            "service": "s", "provider": {"stage": "dev", "region": "us-east-1"},
            "custom": {"s3Sync": {"$ref": '$["service"]["shared"][0]'}, "endless": {"$ref": '$["service"]["custom"]'}},
            "shared": [[{"bucketName": "site", "localDir": "dist"}]],
            "plugins": ["serverless-s3-sync"],
            "initialServerlessConfig": {"plugins": {"$ref": '$["service"]["plugins"]'}},
        }
    }))  # fmt: skip
    found = load_compiled(template, Options())
    assert found.plugins == ("serverless-s3-sync",)
    assert "arn:aws:s3:::site/*" in granted(planned(found), "s3:PutObject")


def test_stacks_that_a_plugin_splits_off_are_read_beside_the_compiled_template(tmp_path: Path) -> None:
    folder = tmp_path / ".serverless"
    folder.mkdir()
    url = {
        "Fn::Join": ["/", ["https://s3.amazonaws.com", {"Ref": "B"}, "serverless/s/dev/1", "nested-GNestedStack.json"]]
    }
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}
    template = folder / "cloudformation-template-update-stack.json"
    template.write_text(json.dumps({"Resources": {"B": {"Type": "AWS::S3::Bucket"}, "GNestedStack": stack}}))
    function = {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "s-dev-g", "Handler": "h.main"}}
    (folder / "nested-GNestedStack.json").write_text(json.dumps({"Resources": {"GLambdaFunction": function}}))
    (folder / "serverless-state.json").write_text(json.dumps({
        "service": {
            "service": "s", "provider": {"stage": "dev", "region": "us-east-1"},
            "functions": {"g": {"handler": "h.main"}}, "plugins": ["serverless-plugin-split-stacks"],
        }
    }))  # fmt: skip
    found = load_compiled(template, Options(account="111122223333"))
    assert [one.key for one in found.functions] == ["g"]
    made = planned(found)
    assert "arn:aws:lambda:us-east-1:111122223333:function:s-dev-g" in granted(made, "lambda:CreateFunction")
    assert "arn:aws:cloudformation:us-east-1:111122223333:stack/s-dev-*/*" in granted(
        made, "cloudformation:ListStackResources"
    )
