"""An API of AppSync as both releases of serverless-appsync-plugin compile it.

The texts of the schema, of resolvers and of mapping templates are not read, since no permission depends on them.
Sources: ``src/index.js`` of 1.14.0, ``src/resources`` of 2.13.0 (MIT).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.documents.nodes import as_map
from scopedown.project.serverless.effects.parts.appsync_sources import Release, statements

_TRUST: Final[Mapping[str, Any]] = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": ["appsync.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}
    ],
}
"""Who assumes the roles."""
Provider = tuple[Any, Mapping[str, Any]]
"""How callers are authenticated: the type of AppSync, and its settings."""


def plain(name: str) -> str:
    """A name as a part of a logical id."""
    return re.sub(r"[^a-zA-Z0-9]", "", name)


@dataclass(slots=True)
class Api:
    """One API; ``add`` adds a resource by its logical id, type and properties, ``prefix`` begins its logical ids."""

    add: Callable[[str, str, Mapping[str, Any]], None]
    release: Release
    prefix: str = ""

    def id(self, name: str) -> str:
        """The logical id of a part of the API."""
        return plain(f"{self.prefix}{name}")

    def endpoint(self, written: Mapping[str, Any], providers: list[Provider], log_role: Any) -> None:
        """The API itself; ``log_role`` is None where it writes no logs."""
        first, *more = map(self._authorizer, providers)
        self.add(self.id("GraphQlApi"), "AWS::AppSync::GraphQLApi", {
            "XrayEnabled": written.get("xrayEnabled") or False,
            "Visibility": written.get("visibility"),
            "EnvironmentVariables": written.get("environment"),
            "Tags": [{"Key": key, "Value": value} for key, value in as_map(written.get("tags")).items()] or None,
            **first,
            "AdditionalAuthenticationProviders": more,
            "LogConfig": None if log_role is None else {"CloudWatchLogsRoleArn": log_role},
        })  # fmt: skip

    def _authorizer(self, provider: Provider) -> dict[str, Any]:
        kind, settings = provider
        return {"LambdaAuthorizerConfig": {"AuthorizerUri": self._deciding(settings)}} if kind == "AWS_LAMBDA" else {}

    def _deciding(self, settings: Mapping[str, Any]) -> Any:
        return self.release.function(settings, f"{self.release.api}Authorizer")

    def authorizer(self, id: str, providers: Iterable[Provider]) -> None:
        """The permission for the first function that decides about callers."""
        for kind, settings in providers:
            if kind == "AWS_LAMBDA":
                self.add(id, "AWS::Lambda::Permission", {
                    "Action": "lambda:InvokeFunction", "FunctionName": self._deciding(settings),
                    "Principal": "appsync.amazonaws.com", "SourceArn": {"Ref": self.id("GraphQlApi")},
                })  # fmt: skip
                return

    def logs(self, days: Any) -> None:
        """The group that the API logs to."""
        api_id = {"Fn::GetAtt": [self.id("GraphQlApi"), "ApiId"]}
        name = {"Fn::Join": ["/", ["/aws/appsync/apis", api_id]]}
        properties = {"LogGroupName": name, "RetentionInDays": days}
        self.add(self.id("GraphQlApiLogGroup"), "AWS::Logs::LogGroup", properties)

    def log_role(self, name: str, policy_name: str) -> None:
        """The role that the API logs with, and its policy: ids that begin with ``name``."""
        group = {"Fn::GetAtt": [self.id("GraphQlApiLogGroup"), "Arn"]}
        actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        allowed = {"Effect": "Allow", "Action": actions, "Resource": [group]}
        self.add(self.id(f"{name}Policy"), "AWS::IAM::Policy", {
            "PolicyName": policy_name, "Roles": [{"Ref": self.id(f"{name}Role")}],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [allowed]},
        })  # fmt: skip
        self.add(self.id(f"{name}Role"), "AWS::IAM::Role", {"AssumeRolePolicyDocument": _TRUST})

    def firewall(self, written: Any, api: Mapping[str, Any]) -> None:
        """The web ACL of the API, and its association."""
        firewall = as_map(written)
        if not firewall or firewall.get("enabled") is False:
            return
        list_arn = firewall.get("arn")
        if not list_arn:
            list_arn = {"Fn::GetAtt": [self.id("GraphQlWaf"), "Arn"]}
            tags = [{"Key": key, "Value": value} for key, value in as_map(api.get("tags")).items()] or None
            properties = {"Name": firewall.get("name") or f"{self.release.api}Waf", "Tags": tags}
            self.add(self.id("GraphQlWaf"), "AWS::WAFv2::WebACL", properties)
        self.add(self.id("GraphQlWafAssoc"), "AWS::WAFv2::WebACLAssociation", {
            "ResourceArn": {"Fn::GetAtt": [self.id("GraphQlApi"), "Arn"]}, "WebACLArn": list_arn,
        })  # fmt: skip

    def source(self, source: Mapping[str, Any], api_id: Any, policy_name: str) -> None:
        """A data source, with the role that it acts with."""
        name = f"GraphQlDs{plain(str(source.get('name')))}"
        settings = as_map(source.get("config"))
        role = settings.get("serviceRoleArn")
        allowed = [] if role else statements(self.release, source)
        if allowed:
            role = {"Fn::GetAtt": [self.id(f"{name}Role"), "Arn"]}
            document = {"Version": "2012-10-17", "Statement": allowed}
            self.add(self.id(f"{name}Role"), "AWS::IAM::Role", {
                "AssumeRolePolicyDocument": _TRUST,
                "Policies": [{"PolicyName": policy_name, "PolicyDocument": document}],
            })  # fmt: skip
        properties = {"ApiId": api_id, "Name": source.get("name"), "ServiceRoleArn": role}
        if source.get("type") == "AWS_LAMBDA":
            function = self.release.function(settings, str(source.get("name")))
            properties["LambdaConfig"] = {"LambdaFunctionArn": function}
        self.add(self.id(name), "AWS::AppSync::DataSource", properties)

    def pipeline_function(self, name: str, api_id: Any) -> None:
        """A function of resolvers that have several steps."""
        id = self.id(f"GraphQlFunctionConfiguration{plain(name)}")
        self.add(id, "AWS::AppSync::FunctionConfiguration", {"ApiId": api_id})

    def resolver(self, kind: Any, field: Any, api_id: Any) -> None:
        """A resolver of a field of a type."""
        properties = {"ApiId": api_id, "TypeName": kind, "FieldName": field}
        self.add(self.id(f"GraphQlResolver{plain(str(kind))}{plain(str(field))}"), "AWS::AppSync::Resolver", properties)
