"""What of a project the conditions and the ARNs of command rows ask for, as one tree.

``provider`` is the configuration's own section; beside it stand facts that the framework works out itself:

- ``bucket``: ``provider.deploymentBucket`` with ``name`` (of a bucket of the user's), ``own`` (the stack makes one),
  ``shared`` (v4: one for all services), ``managed`` (SAM: the one of ``--resolve-s3``), ``pattern`` (its name)
- ``functions`` (``name``, ``role``, ``logGroup``), ``events.KIND`` for every kind of event
- ``layers``, ``layerNames``, ``apiKeys``
- ``images``: ``built`` (from a folder), ``tagged`` (URIs without a digest); of SAM ``repositories`` (ARNs), and
  ``managed`` where SAM makes them (``--resolve-image-repos``)
- ``subscribed``: log groups of cloudwatchLog events; ``artifacts``: bucket and key of archives that are there already
- ``environment``: ``ref``, ``imports``, ``layers``: what ``invoke local`` looks up
- ``restStage``: the framework itself changes the stage of the REST API after the deployment
- ``bootstrap``: roles, buckets and repositories of the bootstrapped account that a CDK app uses (``deployRoles``,
  ``executionRoles``, ``fileRoles``, ``imageRoles``, ``lookupRoles``, ``buckets``, ``repositories``), ``ownStacks``,
  which are deployed with the caller's own credentials, and ``ownReads``, which ``cdk diff`` reads with them
- ``compose``: the service is one of several of a serverless-compose.yml, up to two folders above
- ``direct``: stacks are made without change sets; ``deploymentRole``; ``prefix`` of keys in the bucket; ``nested``:
  the template has nested stacks
- ``transforms.NAME`` for every transform of AWS's own that the template asks for (``Include``)
- ``variables.ssm``, ``.secrets``, ``.cf``, ``.s3``: ARNs of what variables ask AWS for; ``.keys`` of their encryption
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from scopedown.core.text import ImportValue, Ref
from scopedown.documents.nodes import as_map
from scopedown.project.model import Bootstrapped, DeclaredResource, Project

Settings = Mapping[str, Any]
PREFIX = "serverless"
"""``provider.deploymentPrefix`` where none is set."""
OWN_BUCKET = "ServerlessDeploymentBucket"
"""The logical id of the bucket that the framework makes."""
SHARED_BUCKET = "serverless-framework-deployments"
"""How the name of v4's shared bucket begins, before the region."""
MANAGED_BUCKET = "aws-sam-cli-managed-default-samclisourcebucket-*"
"""The bucket that SAM makes and finds with ``--resolve-s3`` (aws-sam-cli 1.170.0 samcli/lib/bootstrap/bootstrap.py)."""
V4 = "v4"
COMPILERS = {"osls 4": "osls", "serverless 3": "v3", "serverless 4": V4}
"""The framework's word in ``commands/frameworks.tsv`` by :attr:`Project.compiler`."""
COMPOSE = "serverless-compose.yml"
_CDK = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-hnb659fds-%s-${AWS::AccountId}-${AWS::Region}"
CDK_DEFAULT = Bootstrapped(
    deploy_roles=(_CDK % "deploy-role",),
    execution_roles=(_CDK % "cfn-exec-role",),
    file_roles=(_CDK % "file-publishing-role",),
    image_roles=(_CDK % "image-publishing-role",),
    lookup_roles=(_CDK % "lookup-role",),
    buckets=("cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}",),
    repositories=("cdk-hnb659fds-container-assets-${AWS::AccountId}-${AWS::Region}",),
)
"""What an app uses whose assembly is not there: the names of ``cdk bootstrap`` (aws-cdk 2.1148.1, its default
qualifier)."""
_SECRETS = "/aws/reference/secretsmanager/"
_VARIABLE = re.compile(r"(ssm|cf|s3)(?:\(([^)]*)\))?:(.*)", re.DOTALL)
_REGION = re.compile(r"[a-z]{2,5}(-[a-z]+)+-\d+")
_REPOSITORY = re.compile(r"(\d{12})\.dkr[.-]ecr\.([a-z0-9-]+)\.[^/]+/([^:@]+)")
_IMAGE = re.compile(r"\d{12}\.dkr[.-]ecr")


def provider_of(project: Project) -> Mapping[str, Any]:
    """The resolved ``provider`` section of a Serverless project; empty for others."""
    return as_map(project.provider)


def framework_of(project: Project) -> str:
    """Which framework's commands deploy a project, by the words of ``commands/frameworks.tsv``."""
    return COMPILERS.get(project.compiler, "osls") if project.framework == "serverless" else project.framework


def _properties(project: Project, type: str) -> list[Mapping[str, Any]]:
    return [resource.properties for resource in project.of_type(type)]


def settings_of(project: Project, framework: str, partition: str, region: str, account: str) -> Settings:
    """The tree that command rows look into, for a deployment by ``framework`` to that place."""
    provider, deployed = provider_of(project), project.deployed
    api = as_map(provider.get("apiGateway"))
    method = provider.get("deploymentMethod")
    layers = _properties(project, "AWS::Lambda::LayerVersion")
    return {
        "provider": provider,
        "bucket": _bucket(provider, OWN_BUCKET in deployed, framework, region),
        "functions": [
            {
                "name": {"Ref": function.logical_id},
                "role": deployed[function.logical_id].properties.get("Role"),
                "logGroup": _log_group(function.logical_id, deployed[function.logical_id].properties),
            }
            for function in project.functions
            if function.logical_id in deployed
        ],
        "events": {event.kind: True for function in project.functions for event in function.events},
        "layers": bool(layers),
        "layerNames": [properties["LayerName"] for properties in layers if properties.get("LayerName")],
        "images": {**_images(project, provider), **_repositories(project, provider, partition, region, account)},
        "subscribed": [
            mapping.get("LogGroupName") for mapping in _properties(project, "AWS::Logs::SubscriptionFilter")
        ],
        "artifacts": list(_artifacts(project, provider)),
        "environment": _environment(project, _properties(project, "AWS::Lambda::Function")),
        "apiKeys": bool(api.get("apiKeys") or provider.get("apiKeys")),
        "restStage": bool(project.of_type("AWS::ApiGateway::RestApi")) and _changes_stage(provider, framework),
        # serverless at b9d7ea5 (v4), lib/plugins/aws/deploy/lib/ensure-valid-bucket-exists.js: direct is v4's default
        "direct": method == "direct" or (framework == V4 and not method),
        "deploymentRole": as_map(provider.get("iam")).get("deploymentRole") or provider.get("cfnRole"),
        "bootstrap": bootstrap_settings(project.bootstrapped or CDK_DEFAULT),
        "compose": any((Path(project.root) / up / COMPOSE).is_file() for up in (".", "..", "../..")),
        "nested": bool(project.of_type("AWS::CloudFormation::Stack")),
        "prefix": provider.get("deploymentPrefix") or PREFIX,
        "transforms": {one.removeprefix("AWS::"): True for one in project.transforms if one.startswith("AWS::")},
        "variables": variables(project.asked, partition, region, account),
    }


def bootstrap_settings(used: Bootstrapped) -> dict[str, Any]:
    """The fields in the words of the tables, each value as the template's ``Fn::Sub`` reads it:
    ``{"deployRoles": [{"Fn::Sub": "arn:${AWS::Partition}:iam::…"}], …}``."""
    named = {field.name: getattr(used, field.name) for field in fields(used)}
    return {
        name.partition("_")[0] + "".join(map(str.title, name.split("_")[1:])): [{"Fn::Sub": value} for value in values]
        for name, values in named.items()
    }


def _log_group(id: str, properties: Mapping[str, Any]) -> Any:
    """The log group that a function writes to: the one that it is given, else the one that Lambda makes."""
    made = {"Fn::Join": ["", ["/aws/lambda/", {"Ref": id}]]}
    return as_map(properties.get("LoggingConfig")).get("LogGroup") or made


def _bucket(provider: Mapping[str, Any], own: bool, framework: str, region: str) -> dict[str, Any]:
    written = provider.get("deploymentBucket")
    name = as_map(written).get("name") if isinstance(written, Mapping) else written
    shared = framework == V4 and not name and not own
    managed = framework == "sam" and not name
    made: Any = f"{SHARED_BUCKET}-{region}-*" if shared else MANAGED_BUCKET if managed else {"Ref": OWN_BUCKET}
    found = {"name": name, "own": own, "shared": shared, "managed": managed, "pattern": name or made}
    return {**as_map(written), **found}


def _changes_stage(provider: Mapping[str, Any], framework: str) -> bool:
    """Whether the framework calls API Gateway itself: for tags, traces, logs and metrics of a REST API's stage
    (osls 4.3.1 ``package/compile/events/api-gateway/lib/hack/update-stage.js``)."""
    api, logs = as_map(provider.get("apiGateway")), as_map(provider.get("logs"))
    tracing = as_map(provider.get("tracing")).get("apiGateway")
    metrics = framework == "osls" and api.get("metrics") is not None
    return bool(
        provider.get("tags") or provider.get("stackTags") or logs.get("restApi") or tracing is not None or metrics
    )


def _images(project: Project, provider: Mapping[str, Any]) -> dict[str, Any]:
    """Images of functions and tasks: those that the framework builds, and those that are named by a tag.

    serverless-fargate 1.1.0 has the framework look up the images of its tasks as if they were functions'.
    """
    declared = as_map(as_map(provider.get("ecr")).get("images"))
    built, tagged = False, []
    for image in declared.values():
        uri = as_map(image).get("uri") if isinstance(image, Mapping) else image
        if isinstance(uri, str) and _IMAGE.match(uri):
            tagged.append(uri)
        else:
            built = True
    tasks = as_map(as_map(project.sections.get("fargate")).get("tasks")).values()
    named = [function.settings for function in project.functions] + [as_map(task) for task in tasks]
    for settings in named:
        image = settings.get("image")
        uri = as_map(image).get("uri") if isinstance(image, Mapping) else image
        if isinstance(uri, str) and _IMAGE.match(uri):
            tagged.append(uri)
    return {"built": built, "tagged": [uri for uri in dict.fromkeys(tagged) if "@sha256:" not in uri]}


def _repositories(
    project: Project, provider: Mapping[str, Any], partition: str, region: str, account: str
) -> dict[str, Any]:
    """The repositories that SAM pushes images to: those that samconfig.toml names, else those that it makes itself
    (aws-sam-cli 1.170.0 samcli/lib/bootstrap/companion_stack/data_types.py)."""
    if project.framework != "sam":
        return {}
    built = any(_is_built_image(resource) for resource in project.deployed.values())
    uris = [uri for uri in provider.get("imageRepositories") or () if isinstance(uri, str)]
    if uris:
        named = [match for uri in uris if (match := _REPOSITORY.match(uri)) is not None]
        arns = [f"arn:{partition}:ecr:{match[2]}:{match[1]}:repository/{match[3]}" for match in named]
    else:
        stack = re.sub("[^a-z0-9*]", "", project.service.lower())
        arns = [f"arn:{partition}:ecr:{region}:{account}:repository/{stack}????????/*repo"]
    return {"built": built, "managed": built and not uris, "repositories": arns if built else []}


def _is_built_image(resource: DeclaredResource) -> bool:
    """Whether a function's image is built from a folder: it is not named in a registry."""
    properties = resource.properties
    if resource.type != "AWS::Lambda::Function" or properties.get("PackageType") != "Image":
        return False
    uri = as_map(properties.get("Code")).get("ImageUri")
    return not isinstance(uri, Mapping) and not _IMAGE.match(str(uri or ""))


def _artifacts(project: Project, provider: Mapping[str, Any]) -> Iterator[str]:
    """``package.artifact`` of functions in a bucket, as ``bucket/key``."""
    for function in project.functions:
        artifact = as_map(function.settings.get("package")).get("artifact")
        if isinstance(artifact, str) and artifact.startswith("s3://"):
            yield artifact.removeprefix("s3://")


def _environment(project: Project, functions: list[Mapping[str, Any]]) -> dict[str, Any]:
    values = [text for function in project.functions for text in function.environment.values()]
    return {
        "ref": any(text.has(Ref) for text in values),
        "imports": any(text.has(ImportValue) for text in values),
        "layers": [layer for properties in functions for layer in properties.get("Layers") or ()],
    }


def variables(asked: tuple[str, ...], partition: str, region: str, account: str) -> dict[str, list[str]]:
    """The ARNs of what variables ask for; a region in parentheses is that of the request.

    >>> variables(("ssm(eu-west-1):/app/key",), "aws", "us-east-1", "123456789012")["ssm"]
    ['arn:aws:ssm:eu-west-1:123456789012:parameter/app/key']
    """
    found: dict[str, list[str]] = {"ssm": [], "secrets": [], "cf": [], "s3": [], "keys": []}
    for variable in asked:
        match = _VARIABLE.fullmatch(variable)
        if match is None:
            continue
        kind, parameters, address = match[1], (match[2] or "").split(","), match[3]
        where = next((parameter.strip() for parameter in parameters if _REGION.fullmatch(parameter.strip())), region)
        head = f"arn:{partition}:%s:{where}:{account}"
        if kind == "ssm":
            name = address.removesuffix("~true").removesuffix("~split")
            if name.startswith(_SECRETS):
                found["secrets"].append(f"{head % 'secretsmanager'}:secret:{name.removeprefix(_SECRETS)}-??????")
            else:
                found["ssm"].append(f"{head % 'ssm'}:parameter/{name.lstrip('/')}")
            found["keys"].append(f"{head % 'kms'}:key/*")
        elif kind == "cf":
            found["cf"].append(f"{head % 'cloudformation'}:stack/{address.partition('.')[0]}/*")
        else:
            found["s3"].append(f"arn:{partition}:s3:::{address}")
    return {kind: list(dict.fromkeys(arns)) for kind, arns in found.items()}
