"""Attacks that hand a service a role: in maps, lists, texts, patches, definitions, templates, and by names.

Source of all rows, where they name no other: the action's row in the service authorization reference
(https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
names iam:PassRole as a dependent action, or the API page of the operation says that the role is passed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from attacks.lacking import OWN_ROLE, VICTIM_ROLE, Row, asked_by, but, passing, user
from attacks.operations import Attack, family
from attacks.wire import Wire
from attacks.world import ACCOUNT, World, arn

FUNCTION = arn("lambda", "function:own")
BUCKET = "arn:aws:s3:::own-bucket"
STREAM = arn("kinesis", "stream/own")
QUEUE = arn("sqs", "own")
URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"


def openapi(credentials: str, form: str = "3") -> dict[str, Any]:
    """A definition of an API with one integration."""
    method = {"responses": {}, "x-amazon-apigateway-integration": {
        "type": "aws_proxy", "httpMethod": "POST", "uri": URI, "credentials": credentials}}  # fmt: skip
    head = {"openapi": "3.0.1"} if form == "3" else {"swagger": "2.0"}
    return {**head, "info": {"title": "t", "version": "1"}, "paths": {"/": {"get": method}}}


@family("roles: integrations and authorizers of APIs")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    api, root = world.ids["own api"], world.ids["own root"]
    method: dict[str, Any] = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    patch = {"op": "replace", "path": "/credentials", "value": "$R"}
    yield from passing(world, [
        Row("apigateway", "PutIntegration", {**method, "type": "AWS", "integrationHttpMethod": "POST", "uri": URI, "credentials": "$R"}),
        Row("apigateway", "UpdateIntegration", {**method, "patchOperations": [patch]}),
        Row("apigateway", "UpdateIntegration", {**method, "patchOperations": [{"op": "replace", "path": "/timeoutInMillis", "value": "50"}, patch]}),
        Row("apigateway", "UpdateIntegration", {**method, "patchOperations": [{**patch, "op": "add"}]}),
        Row("apigateway", "UpdateAccount", {"patchOperations": [{"op": "replace", "path": "/cloudwatchRoleArn", "value": "$R"}]}),
        Row("apigateway", "CreateAuthorizer", {"restApiId": api, "name": "a", "type": "TOKEN", "authorizerUri": URI, "authorizerCredentials": "$R",
                                              "identitySource": "method.request.header.A"}),
        Row("apigateway", "UpdateAuthorizer", {"restApiId": api, "authorizerId": "abcdef",
                                               "patchOperations": [{"op": "replace", "path": "/authorizerCredentials", "value": "$R"}]}),
        Row("apigatewayv2", "CreateIntegration", {"ApiId": "a", "IntegrationType": "AWS_PROXY", "CredentialsArn": "$R", "IntegrationUri": FUNCTION}),
        Row("apigatewayv2", "UpdateIntegration", {"ApiId": "a", "IntegrationId": "i", "CredentialsArn": "$R"}),
        Row("apigatewayv2", "CreateAuthorizer", {"ApiId": "a", "Name": "n", "AuthorizerType": "REQUEST", "AuthorizerUri": URI,
                                                 "AuthorizerCredentialsArn": "$R", "IdentitySource": ["$request.header.A"]}),
        Row("apigatewayv2", "UpdateAuthorizer", {"ApiId": "a", "AuthorizerId": "i", "AuthorizerCredentialsArn": "$R"}),
        Row("apigatewayv2", "CreateApi", {"Name": "n", "ProtocolType": "HTTP", "CredentialsArn": "$R", "Target": FUNCTION}),
        Row("apigatewayv2", "UpdateApi", {"ApiId": "a", "CredentialsArn": "$R"}),
    ])  # fmt: skip


@family("roles: definitions of APIs as JSON and YAML")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    rows = []
    plain = json.dumps(openapi("$R"))
    yaml = ("openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths:\n  /:\n    get:\n      responses: {}\n"
            "      x-amazon-apigateway-integration:\n        type: aws_proxy\n        httpMethod: POST\n"
            f"        uri: {URI}\n        credentials: %s\n")  # fmt: skip
    texts = [
        plain, json.dumps(openapi("$R"), indent=4), "\n\t " + plain, json.dumps(openapi("$R", "2")), plain.replace("arn:aws", "arn\\u003aaws"),
        plain.replace('"credentials"', '"\\u0063redentials"'), plain.replace('"credentials": "$R"', f'"credentials": "{OWN_ROLE}", "credentials": "$R"'),
        plain.replace('"credentials": "$R"', f'"credentials": "$R", "credentials": "{OWN_ROLE}"'), yaml % "$R", yaml % '"$R"', yaml % "'$R'",
        yaml % ">-\n          $R", yaml % "|\n          $R", yaml % "&a $R", yaml % "!!str $R", yaml % "$R # own-role",
        "x: &r $R\n" + yaml % "*r", "---\n" + yaml % "$R" + "...\n", "%%YAML 1.2\n---\n".replace("%%", "%") + yaml % "$R",
    ]  # fmt: skip
    for text in texts:
        rows.append(Row("apigateway", "ImportRestApi", {"body": text.encode()}))
    for text in texts[:3] + texts[8:10]:
        rows.append(
            Row(
                "apigateway",
                "PutRestApi",
                {"restApiId": world.ids["own api"], "mode": "overwrite", "body": text.encode()},
            )
        )
        rows.append(Row("apigatewayv2", "ImportApi", {"Body": text}))
        rows.append(Row("apigatewayv2", "ReimportApi", {"ApiId": "a", "Body": text}))
    authorizer = openapi(OWN_ROLE)
    authorizer["securityDefinitions"] = {"a": {"type": "apiKey", "name": "A", "in": "header", "x-amazon-apigateway-authtype": "custom",
                                               "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": URI, "authorizerCredentials": "$R"}}}  # fmt: skip
    rows.append(Row("apigateway", "ImportRestApi", {"body": json.dumps({**authorizer, "swagger": "2.0"}).encode()}))
    yield from passing(world, rows)


PROFILES = {"own": "own-role", "victim": "own-harmless"}
"""Of EMR and Batch, rows take a profile's name for that of its role: own-role is in a profile of its name."""


def profiles(world: World) -> None:
    """Instance profiles, launch templates and launch configurations with each role."""
    iam, ec2, scaling = (world.client(name) for name in ("iam", "ec2", "autoscaling"))
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    world.ids["image"] = image
    for name in ("own", "victim"):
        profile = PROFILES[name]
        iam.create_instance_profile(InstanceProfileName=profile)
        iam.add_role_to_instance_profile(InstanceProfileName=profile, RoleName=f"{name}-role")
        for form, value in (
            ("name", {"Name": profile}),
            ("arn", {"Arn": arn("iam", f"instance-profile/{profile}", "")}),
        ):
            made = ec2.create_launch_template(
                LaunchTemplateName=f"t-{name}-{form}",
                LaunchTemplateData={"ImageId": image, "InstanceType": "t2.micro", "IamInstanceProfile": value},
            )
            world.ids[f"template {name} {form}"] = made["LaunchTemplate"]["LaunchTemplateId"]
            scaling.create_launch_configuration(
                LaunchConfigurationName=f"c-{name}-{form}", ImageId=image, InstanceType="t2.micro",
                IamInstanceProfile=next(iter(value.values())),
            )  # fmt: skip
        # the first version is harmless, the second has the profile
        made = ec2.create_launch_template(
            LaunchTemplateName=f"t-{name}-second", LaunchTemplateData={"ImageId": image, "InstanceType": "t2.micro"}
        )
        world.ids[f"template {name} second"] = id = made["LaunchTemplate"]["LaunchTemplateId"]
        ec2.create_launch_template_version(
            LaunchTemplateId=id, SourceVersion="1", LaunchTemplateData={"IamInstanceProfile": {"Name": profile}}
        )
        run = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, IamInstanceProfile={"Name": profile})
        world.ids[f"instance with {name}"] = run["Instances"][0]["InstanceId"]
    for name in ("instance with own", "instance with victim"):
        ec2.describe_instances(InstanceIds=[world.ids[name]])
    world.changed("*")


@family("roles: launch templates and configurations")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    profiles(world)
    key = user(world, *but("iam:PassRole", OWN_ROLE))

    def forms(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for form in ("name", "arn"):
            id = world.ids[f"template {name} {form}"]
            yield f"{form} by id", {"LaunchTemplateId": id}
            yield f"{form} by name", {"LaunchTemplateName": f"t-{name}-{form}"}
            for version in ("1", "$Latest", "$Default"):
                yield f"{form} {version}", {"LaunchTemplateId": id, "Version": version}
        for version in ("2", "$Latest"):
            yield f"second {version}", {"LaunchTemplateId": world.ids[f"template {name} second"], "Version": version}

    subnets = {"VPCZoneIdentifier": "subnet-1", "MinSize": 0, "MaxSize": 1}
    for whose, control in (("victim", False), ("own", True)):
        for title, template in forms(whose):
            overrides = [{"InstanceType": "t2.micro"}]
            config = [{"LaunchTemplateSpecification": template, "Overrides": overrides}]
            lower = {name[0].lower() + name[1:]: value for name, value in template.items()}
            eks = {
                name.replace("launchTemplateId", "id").replace("launchTemplateName", "name"): one
                for name, one in lower.items()
            }
            capacity = {"TotalTargetCapacity": 1, "DefaultTargetCapacityType": "on-demand"}
            mixed = {"LaunchTemplate": {"LaunchTemplateSpecification": template, "Overrides": overrides}}
            inner = {"LaunchTemplate": {"LaunchTemplateSpecification": {"LaunchTemplateId": world.ids["template own name"]},
                                        "Overrides": [{"InstanceType": "t2.micro", "LaunchTemplateSpecification": template}]}}  # fmt: skip
            compute = {
                "type": "EC2",
                "maxvCpus": 1,
                "subnets": ["s"],
                "instanceRole": "own-role",
                "launchTemplate": lower,
            }
            for service, operation, parameters in (
                ("ec2", "RunInstances", {"MinCount": 1, "MaxCount": 1, "LaunchTemplate": template}),
                ("ec2", "CreateFleet", {"LaunchTemplateConfigs": config, "TargetCapacitySpecification": capacity}),
                ("ec2", "ModifyFleet", {"FleetId": "fleet-1", "LaunchTemplateConfigs": config}),
                ("ec2", "RequestSpotFleet", {"SpotFleetRequestConfig": {"IamFleetRole": OWN_ROLE, "TargetCapacity": 1, "LaunchTemplateConfigs": config}}),
                ("autoscaling", "CreateAutoScalingGroup", {"AutoScalingGroupName": "g", "LaunchTemplate": template, **subnets}),
                ("autoscaling", "UpdateAutoScalingGroup", {"AutoScalingGroupName": "g", "LaunchTemplate": template}),
                ("autoscaling", "CreateAutoScalingGroup", {"AutoScalingGroupName": "g", "MixedInstancesPolicy": mixed, **subnets}),
                ("autoscaling", "CreateAutoScalingGroup", {"AutoScalingGroupName": "g", "MixedInstancesPolicy": inner, **subnets}),
                ("autoscaling", "StartInstanceRefresh", {"AutoScalingGroupName": "g", "DesiredConfiguration": {"LaunchTemplate": template}}),
                ("eks", "CreateNodegroup", {"clusterName": "c", "nodegroupName": "n", "subnets": ["s"], "nodeRole": OWN_ROLE, "launchTemplate": eks}),
                ("batch", "CreateComputeEnvironment", {"computeEnvironmentName": "e", "type": "MANAGED", "computeResources": compute}),
            ):  # fmt: skip
                wire = Wire.of(service, operation, **parameters)
                yield asked_by(key, f"{service}.{operation} {title} {whose}", wire, control=control)
        for form in ("name", "arn"):
            group = {"AutoScalingGroupName": "g", "LaunchConfigurationName": f"c-{whose}-{form}", **subnets}
            for operation in ("CreateAutoScalingGroup", "UpdateAutoScalingGroup"):
                wire = Wire.of("autoscaling", operation, **group)
                yield asked_by(key, f"autoscaling.{operation} configuration {form} {whose}", wire, control=control)


@family("roles: instance profiles")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    profiles(world)
    key = user(world, *but("iam:PassRole", OWN_ROLE))
    image = world.ids["image"]
    for whose, control in (("victim", False), ("own", True)):
        name = PROFILES[whose]
        for form, profile in (
            ("name", {"Name": name}), ("arn", {"Arn": arn("iam", f"instance-profile/{name}", "")}),
            ("both", {"Name": "own-role", "Arn": arn("iam", f"instance-profile/{name}", "")}),
            ("both the other way", {"Name": name, "Arn": arn("iam", "instance-profile/own-role", "")}),
        ):  # fmt: skip
            text = (
                next(iter(profile.values()))
                if form in ("name", "arn")
                else profile["Arn" if form == "both" else "Name"]
            )
            specification = {"ImageId": image, "InstanceType": "t2.micro", "IamInstanceProfile": profile}
            run = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "IamInstanceProfile": profile}
            compute = {"type": "EC2", "maxvCpus": 1, "subnets": ["s"], "instanceRole": text}
            for service, operation, parameters in (
                ("ec2", "RunInstances", run),
                ("ec2", "AssociateIamInstanceProfile", {"InstanceId": world.ids["own instance"], "IamInstanceProfile": profile}),
                ("ec2", "ReplaceIamInstanceProfileAssociation", {"AssociationId": "iip-assoc-1", "IamInstanceProfile": profile}),
                ("ec2", "RequestSpotInstances", {"SpotPrice": "1", "LaunchSpecification": specification}),
                ("ec2", "RequestSpotFleet", {"SpotFleetRequestConfig": {"IamFleetRole": OWN_ROLE, "TargetCapacity": 1, "LaunchSpecifications": [specification]}}),
                ("autoscaling", "CreateLaunchConfiguration", {"LaunchConfigurationName": "l", "ImageId": image, "InstanceType": "t2.micro", "IamInstanceProfile": text}),
                ("emr", "RunJobFlow", {"Name": "n", "Instances": {}, "ServiceRole": OWN_ROLE, "JobFlowRole": text}),
                ("batch", "CreateComputeEnvironment", {"computeEnvironmentName": "e", "type": "MANAGED", "computeResources": compute}),
                ("imagebuilder", "CreateInfrastructureConfiguration", {"name": "i", "instanceProfileName": text, "clientToken": "t"}),
                ("imagebuilder", "UpdateInfrastructureConfiguration", {"infrastructureConfigurationArn": arn("imagebuilder", "infrastructure-configuration/i"),
                                                                       "instanceProfileName": text, "clientToken": "t"}),
                ("gamelift", "CreateFleet", {"Name": "n", "InstanceRoleArn": arn("iam", f"role/{whose}-role", "")}),
            ):  # fmt: skip
                wire = Wire.of(service, operation, **parameters)
                yield asked_by(key, f"{service}.{operation} {form} {whose}", wire, control=control)
        by_instance = {
            "AutoScalingGroupName": "g",
            "InstanceId": world.ids[f"instance with {whose}"],
            "MinSize": 0,
            "MaxSize": 1,
        }
        yield asked_by(
            key,
            f"group of an instance {whose}",
            Wire.of("autoscaling", "CreateAutoScalingGroup", **by_instance),
            control=control,
        )
        configuration = {"LaunchConfigurationName": "l2", "InstanceId": world.ids[f"instance with {whose}"]}
        yield asked_by(
            key,
            f"configuration of an instance {whose}",
            Wire.of("autoscaling", "CreateLaunchConfiguration", **configuration),
            control=control,
        )


@family("roles: EC2's own")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    logs = {"ResourceIds": ["vpc-1"], "ResourceType": "VPC", "TrafficType": "ALL", "LogGroupName": "own"}
    yield from passing(world, [
        Row("ec2", "CreateFlowLogs", {**logs, "DeliverLogsPermissionArn": "$R"}, "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html"),
        Row("ec2", "CreateFlowLogs", {**logs, "DeliverLogsPermissionArn": OWN_ROLE, "DeliverCrossAccountRole": "$R"}),
        Row("ec2", "RequestSpotFleet", {"SpotFleetRequestConfig": {"IamFleetRole": "$R", "TargetCapacity": 1}}),
        Row("ec2", "CreateVerifiedAccessEndpoint", {"VerifiedAccessGroupId": "v", "EndpointType": "cidr", "AttachmentType": "vpc", "Description": "$R"}, "a role's ARN in a text is not told from one that is passed: the guard asks"),
        Row("ec2", "ImportImage", {"RoleName": "$R"}),
        Row("ec2", "ImportSnapshot", {"RoleName": "$R"}),
        Row("ec2", "ExportImage", {"ImageId": "ami-1", "DiskImageFormat": "VMDK", "S3ExportLocation": {"S3Bucket": "own-bucket"}, "RoleName": "$R"}),
        Row("ec2", "AssociateEnclaveCertificateIamRole", {"CertificateArn": arn("acm", "certificate/c"), "RoleArn": "$R"}),
    ])  # fmt: skip


@family("roles: tasks of ECS")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    ecs = world.client("ecs")
    ecs.create_cluster(clusterName="own")
    container = [{"name": "c", "image": "i", "memory": 64}]
    for name in ("own", "victim"):
        ecs.register_task_definition(
            family=f"own-{name}", containerDefinitions=container, taskRoleArn=arn("iam", f"role/{name}-role", "")
        )
        ecs.register_task_definition(
            family=f"own-e-{name}", containerDefinitions=container, executionRoleArn=arn("iam", f"role/{name}-role", "")
        )
    volume = [{"name": "v", "managedEBSVolume": {"roleArn": "$R", "sizeInGiB": 1}}]
    tls = {
        "enabled": True,
        "namespace": "n",
        "services": [{"portName": "p", "tls": {"issuerCertificateAuthority": {}, "roleArn": "$R"}}],
    }
    lattice = [{"roleArn": "$R", "targetGroupArn": arn("vpc-lattice", "targetgroup/tg-1"), "portName": "p"}]
    hooks = {"lifecycleHooks": [{"hookTargetArn": FUNCTION, "roleArn": "$R", "lifecycleStages": ["PRE_SCALE_UP"]}]}
    balancer = [{"containerName": "c", "containerPort": 80, "advancedConfiguration": {"roleArn": "$R"}}]
    managed = {
        "infrastructureRoleArn": OWN_ROLE,
        "instanceLaunchTemplate": {"ec2InstanceProfileArn": arn("iam", "instance-profile/own-role", "")},
    }
    rows = [
        Row("ecs", "RegisterTaskDefinition", {"family": "f", "containerDefinitions": container, "taskRoleArn": "$R"}),
        Row("ecs", "RegisterTaskDefinition", {"family": "f", "containerDefinitions": container, "executionRoleArn": "$R"}),
        Row("ecs", "RegisterTaskDefinition", {"family": "f", "containerDefinitions": container, "taskRoleArn": OWN_ROLE, "executionRoleArn": "$R"}),
        Row("ecs", "RegisterTaskDefinition", {"family": "f", "containerDefinitions": container, "taskRoleArn": "$N"},
            "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html (taskRoleArn: The short name or full ARN)"),
        Row("ecs", "RunTask", {"taskDefinition": "own-own", "cluster": "own", "overrides": {"taskRoleArn": "$R"}}),
        Row("ecs", "RunTask", {"taskDefinition": "own-own", "cluster": "own", "overrides": {"executionRoleArn": "$R"}}),
        Row("ecs", "StartTask", {"taskDefinition": "own-own", "cluster": "own", "containerInstances": ["i"], "overrides": {"taskRoleArn": "$R"}}),
        Row("ecs", "RunTask", {"taskDefinition": "own-own", "cluster": "own", "volumeConfigurations": volume}),
        Row("ecs", "StartTask", {"taskDefinition": "own-own", "cluster": "own", "containerInstances": ["i"], "volumeConfigurations": volume}),
        Row("ecs", "CreateService", {"serviceName": "s", "cluster": "own", "taskDefinition": "own-own", "role": "$R"}),
        Row("ecs", "CreateService", {"serviceName": "s", "cluster": "own", "taskDefinition": "own-own", "volumeConfigurations": volume}),
        Row("ecs", "CreateService", {"serviceName": "s", "cluster": "own", "taskDefinition": "own-own", "serviceConnectConfiguration": tls}),
        Row("ecs", "CreateService", {"serviceName": "s", "cluster": "own", "taskDefinition": "own-own", "vpcLatticeConfigurations": lattice}),
        Row("ecs", "CreateService", {"serviceName": "s", "cluster": "own", "taskDefinition": "own-own", "deploymentConfiguration": hooks}),
        Row("ecs", "CreateService", {"serviceName": "s", "cluster": "own", "taskDefinition": "own-own", "loadBalancers": balancer}),
        Row("ecs", "UpdateService", {"service": "s", "cluster": "own", "volumeConfigurations": volume}),
        Row("ecs", "UpdateService", {"service": "s", "cluster": "own", "vpcLatticeConfigurations": lattice}),
        Row("ecs", "CreateCapacityProvider", {"name": "p", "cluster": "own", "managedInstancesProvider": {**managed, "infrastructureRoleArn": "$R"}}),
    ]  # fmt: skip
    yield from passing(world, rows)
    key = user(world, *but("iam:PassRole", OWN_ROLE))
    for whose, control in (("victim", False), ("own", True)):
        for kind in ("own-", "own-e-"):
            for form in (f"{kind}{whose}", f"{kind}{whose}:1", arn("ecs", f"task-definition/{kind}{whose}:1")):
                for operation, more in (("RunTask", {}), ("StartTask", {"containerInstances": ["i"]})):
                    wire = Wire.of("ecs", operation, cluster="own", taskDefinition=form, **more)
                    yield asked_by(key, f"ecs.{operation} {form}", wire, control=control)


@family("roles: Glue")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    command, targets = (
        {"Name": "glueetl", "ScriptLocation": "s3://own-bucket/x"},
        {"S3Targets": [{"Path": "s3://own-bucket/x"}]},
    )
    names = "https://docs.aws.amazon.com/glue/latest/webapi/API_CreateJob.html (Role: the name or Amazon Resource Name (ARN))"
    tables = [{"DatabaseName": "d", "TableName": "t"}]
    rows = []
    for role in ("$R", "$N"):
        rows += [
            Row("glue", "CreateJob", {"Name": "j", "Role": role, "Command": command}, names),
            Row("glue", "UpdateJob", {"JobName": "j", "JobUpdate": {"Role": role, "Command": command}}, names),
            Row("glue", "CreateCrawler", {"Name": "c", "Role": role, "DatabaseName": "d", "Targets": targets}, names),
            Row("glue", "UpdateCrawler", {"Name": "c", "Role": role}, names),
        ]
    rows += [
        Row("glue", "CreateDevEndpoint", {"EndpointName": "e", "RoleArn": "$R"}),
        Row("glue", "CreateSession", {"Id": "s", "Role": "$R", "Command": {"Name": "glueetl"}}),
        Row("glue", "CreateMLTransform", {"Name": "m", "InputRecordTables": tables, "Role": "$R", "Parameters": {"TransformType": "FIND_MATCHES"}}),
        Row("glue", "UpdateMLTransform", {"TransformId": "t", "Role": "$R"}),
        Row("glue", "StartDataQualityRulesetEvaluationRun", {"DataSource": {"GlueTable": tables[0]}, "Role": "$R", "RulesetNames": ["r"]}),
        Row("glue", "StartDataQualityRuleRecommendationRun", {"DataSource": {"GlueTable": tables[0]}, "Role": "$R"}),
        Row("glue", "CreateIntegrationResourceProperty", {"ResourceArn": arn("glue", "connection/c"), "SourceProcessingProperties": {"RoleArn": "$R"}}),
        Row("glue", "CreateColumnStatisticsTaskSettings", {"DatabaseName": "d", "TableName": "t", "Role": "$R"}),
        Row("glue", "StartColumnStatisticsTaskRun", {"DatabaseName": "d", "TableName": "t", "Role": "$R"}),
    ]  # fmt: skip
    yield from passing(world, rows)


@family("roles: builds, pipelines, deployments")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    project: dict[str, Any] = {"name": "p", "source": {"type": "NO_SOURCE", "buildspec": "x"}, "artifacts": {"type": "NO_ARTIFACTS"},
                               "environment": {"type": "LINUX_CONTAINER", "image": "i", "computeType": "BUILD_GENERAL1_SMALL"}}  # fmt: skip
    source = {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"}

    def pipeline(role: str, action: str = "", **configuration: str) -> dict[str, Any]:
        made: dict[str, Any] = {
            "name": "a",
            "actionTypeId": source,
            "configuration": {"S3Bucket": "own-bucket", **configuration},
        }
        if action:
            made["roleArn"] = action
        return {
            "name": "p",
            "roleArn": role,
            "stages": [{"name": "S", "actions": [made]}, {"name": "T", "actions": [made]}],
        }

    group = {"applicationName": "a", "deploymentGroupName": "g"}
    yield from passing(world, [
        Row("codebuild", "CreateProject", {**project, "serviceRole": "$R"}),
        Row("codebuild", "CreateProject", {**project, "serviceRole": OWN_ROLE, "buildBatchConfig": {"serviceRole": "$R"}}),
        Row("codebuild", "UpdateProject", {"name": "p", "serviceRole": "$R"}),
        Row("codebuild", "UpdateProject", {"name": "p", "buildBatchConfig": {"serviceRole": "$R"}}),
        Row("codebuild", "UpdateProjectVisibility", {"projectArn": arn("codebuild", "project/p"), "projectVisibility": "PUBLIC_READ", "resourceAccessRole": "$R"}),
        Row("codebuild", "StartBuild", {"projectName": "p", "serviceRoleOverride": "$R"}),
        Row("codebuild", "StartBuildBatch", {"projectName": "p", "serviceRoleOverride": "$R"}),
        Row("codebuild", "StartBuildBatch", {"projectName": "p", "buildBatchConfigOverride": {"serviceRole": "$R"}}),
        Row("codebuild", "CreateFleet", {"name": "f", "baseCapacity": 1, "environmentType": "LINUX_CONTAINER", "computeType": "BUILD_GENERAL1_SMALL", "fleetServiceRole": "$R"}),
        Row("codebuild", "CreateReportGroup", {"name": "r", "type": "TEST", "exportConfig": {"exportConfigType": "S3", "s3Destination": {"bucket": "$R"}}}, "an ARN of a role in any member"),
        Row("codepipeline", "CreatePipeline", {"pipeline": pipeline("$R")}),
        Row("codepipeline", "CreatePipeline", {"pipeline": pipeline(OWN_ROLE, "$R")}),
        Row("codepipeline", "CreatePipeline", {"pipeline": pipeline(OWN_ROLE, RoleArn="$R")}, "https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html (RoleArn)"),
        Row("codepipeline", "UpdatePipeline", {"pipeline": pipeline("$R")}),
        Row("codepipeline", "UpdatePipeline", {"pipeline": pipeline(OWN_ROLE, "$R")}),
        Row("codedeploy", "CreateDeploymentGroup", {**group, "serviceRoleArn": "$R"}),
        Row("codedeploy", "UpdateDeploymentGroup", {"applicationName": "a", "currentDeploymentGroupName": "g", "serviceRoleArn": "$R"}),
        Row("codestar-notifications", "CreateNotificationRule", {"Name": "n", "EventTypeIds": ["e"], "Resource": "$R", "Targets": [], "DetailType": "FULL"}, "an ARN of a role in any member"),
    ])  # fmt: skip


@family("roles: EventBridge, schedules, pipes")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    ecs = {"TaskDefinitionArn": arn("ecs", "task-definition/t:1"), "TaskCount": 1}
    schedule = {"Name": "own", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"}}
    pipe = {"Name": "p", "Source": QUEUE, "Target": FUNCTION}

    def target(**more: Any) -> dict[str, Any]:
        return {
            "Rule": "own",
            "Targets": [{"Id": "1", "Arn": FUNCTION}, {"Id": "2", "Arn": STREAM, "RoleArn": "$R", **more}],
        }

    replication = {
        "ReplicationConfig": {"State": "ENABLED"},
        "EventBuses": [
            {"EventBusArn": arn("events", "event-bus/own")},
            {"EventBusArn": arn("events", "event-bus/own", "eu-west-1")},
        ],
    }
    routing = {
        "FailoverConfig": {
            "Primary": {"HealthCheck": "arn:aws:route53:::healthcheck/h"},
            "Secondary": {"Route": "eu-west-1"},
        }
    }
    yield from passing(world, [
        Row("events", "PutTargets", target()),
        Row("events", "PutTargets", target(EcsParameters=ecs)),
        Row("events", "PutTargets", target(RedshiftDataParameters={"Database": "d", "Sql": "s"})),
        Row("events", "PutTargets", target(HttpParameters={"HeaderParameters": {"a": "b"}})),
        Row("events", "PutTargets", target(Input="{}")),
        Row("events", "PutTargets", {**target(), "EventBusName": "own"}),
        Row("events", "PutRule", {"Name": "own", "ScheduleExpression": "rate(1 day)", "RoleArn": "$R"}),
        Row("events", "CreateEndpoint", {"Name": "e", "RoutingConfig": routing, "RoleArn": "$R", **replication}),
        Row("events", "UpdateEndpoint", {"Name": "e", "RoleArn": "$R"}),
        Row("scheduler", "CreateSchedule", {**schedule, "Target": {"Arn": FUNCTION, "RoleArn": "$R"}}),
        Row("scheduler", "CreateSchedule", {**schedule, "GroupName": "g", "Target": {"Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "RoleArn": "$R", "Input": "{}"}}),
        Row("scheduler", "UpdateSchedule", {**schedule, "Target": {"Arn": FUNCTION, "RoleArn": "$R"}}),
        Row("scheduler", "UpdateSchedule", {**schedule, "Target": {"Arn": arn("ecs", "cluster/own"), "RoleArn": "$R", "EcsParameters": ecs}}),
        Row("pipes", "CreatePipe", {**pipe, "RoleArn": "$R"}),
        Row("pipes", "CreatePipe", {**pipe, "RoleArn": "$R", "Enrichment": FUNCTION}),
        Row("pipes", "CreatePipe", {**pipe, "RoleArn": OWN_ROLE, "TargetParameters": {"EcsTaskParameters": {"TaskDefinitionArn": ecs["TaskDefinitionArn"], "Overrides": {"TaskRoleArn": "$R"}}}}),
        Row("pipes", "CreatePipe", {**pipe, "RoleArn": OWN_ROLE, "TargetParameters": {"EcsTaskParameters": {"TaskDefinitionArn": ecs["TaskDefinitionArn"], "Overrides": {"ExecutionRoleArn": "$R"}}}}),
        Row("pipes", "UpdatePipe", {"Name": "p", "RoleArn": "$R"}),
    ])  # fmt: skip


@family("roles: rules and jobs of IoT")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    actions: list[dict[str, Any]] = [
        {"dynamoDB": {"tableName": "own", "roleArn": "$R", "hashKeyField": "id", "hashKeyValue": "1"}},
        {"dynamoDBv2": {"roleArn": "$R", "putItem": {"tableName": "own"}}}, {"sns": {"targetArn": arn("sns", "own"), "roleArn": "$R"}},
        {"sqs": {"roleArn": "$R", "queueUrl": world.ids["own url"]}}, {"kinesis": {"roleArn": "$R", "streamName": "own"}},
        {"republish": {"roleArn": "$R", "topic": "t"}}, {"s3": {"roleArn": "$R", "bucketName": "own-bucket", "key": "k"}},
        {"firehose": {"roleArn": "$R", "deliveryStreamName": "own"}},
        {"cloudwatchMetric": {"roleArn": "$R", "metricNamespace": "n", "metricName": "m", "metricValue": "1", "metricUnit": "None"}},
        {"cloudwatchAlarm": {"roleArn": "$R", "alarmName": "own", "stateReason": "r", "stateValue": "OK"}},
        {"cloudwatchLogs": {"roleArn": "$R", "logGroupName": "own"}},
        {"elasticsearch": {"roleArn": "$R", "endpoint": "https://own", "index": "i", "type": "t", "id": "1"}},
        {"openSearch": {"roleArn": "$R", "endpoint": "https://own", "index": "i", "type": "t", "id": "1"}},
        {"iotAnalytics": {"channelName": "c", "roleArn": "$R"}}, {"iotEvents": {"inputName": "i", "roleArn": "$R"}},
        {"stepFunctions": {"stateMachineName": "own", "roleArn": "$R"}},
        {"timestream": {"roleArn": "$R", "databaseName": "d", "tableName": "t", "dimensions": [{"name": "n", "value": "v"}]}},
        {"http": {"url": "https://own", "auth": {"sigv4": {"signingRegion": "us-east-1", "serviceName": "s", "roleArn": "$R"}}}},
        {"location": {"roleArn": "$R", "trackerName": "t", "deviceId": "d", "latitude": "1", "longitude": "1"}},
        {"kafka": {"destinationArn": arn("iot", "ruledestination/vpc/d"), "topic": "t", "clientProperties": {"sasl.scram.username": "${get_secret('s','SecretString','u','$R')}"}}},
    ]  # fmt: skip
    rows = [
        Row(
            "iot",
            "CreateTopicRule",
            {"ruleName": "r", "topicRulePayload": {"sql": "SELECT * FROM 't'", "actions": [one]}},
        )
        for one in actions
    ]
    payload = {"sql": "SELECT * FROM 't'", "actions": [], "errorAction": actions[3]}
    rows += [
        Row("iot", "CreateTopicRule", {"ruleName": "r", "topicRulePayload": payload}),
        Row("iot", "ReplaceTopicRule", {"ruleName": "r", "topicRulePayload": payload}),
        Row("iot", "CreateRoleAlias", {"roleAlias": "a", "roleArn": "$R"}),
        Row("iot", "UpdateRoleAlias", {"roleAlias": "a", "roleArn": "$R"}),
        Row("iot", "CreateProvisioningTemplate", {"templateName": "t", "templateBody": "{}", "provisioningRoleArn": "$R"}),
        Row("iot", "UpdateProvisioningTemplate", {"templateName": "t", "provisioningRoleArn": "$R"}),
        Row("iot", "SetLoggingOptions", {"loggingOptionsPayload": {"roleArn": "$R"}}),
        Row("iot", "SetV2LoggingOptions", {"roleArn": "$R", "defaultLogLevel": "INFO"}),
        Row("iot", "CreateJob", {"jobId": "j", "targets": [arn("iot", "thing/t")], "presignedUrlConfig": {"roleArn": "$R"}}),
        Row("iot", "UpdateJob", {"jobId": "j", "presignedUrlConfig": {"roleArn": "$R"}}),
        Row("iot", "CreateStream", {"streamId": "s", "files": [{"fileId": 1, "s3Location": {"bucket": "own-bucket", "key": "k"}}], "roleArn": "$R"}),
        Row("iot", "CreateTopicRuleDestination", {"destinationConfiguration": {"vpcConfiguration": {"subnetIds": ["s"], "vpcId": "v", "roleArn": "$R"}}}),
        Row("iot", "StartThingRegistrationTask", {"templateBody": "{}", "inputFileBucket": "own-bucket", "inputFileKey": "k", "roleArn": "$R"}),
        Row("iot", "UpdateAccountAuditConfiguration", {"roleArn": "$R"}),
        Row("iot", "CreateMitigationAction", {"actionName": "a", "roleArn": "$R", "actionParams": {"publishFindingToSnsParams": {"topicArn": arn("sns", "own")}}}),
        Row("iot", "RegisterCACertificate", {"caCertificate": "c", "registrationConfig": {"templateBody": "{}", "roleArn": "$R"}}),
    ]  # fmt: skip
    yield from passing(world, rows)


@family("roles: destinations of Firehose")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    s3 = {"RoleARN": OWN_ROLE, "BucketARN": BUCKET}
    bad = {**s3, "RoleARN": "$R"}
    schema = {"SchemaConfiguration": {"RoleARN": "$R", "DatabaseName": "d", "TableName": "t", "Region": "us-east-1"}}
    common = {"RoleARN": OWN_ROLE, "S3Configuration": s3}
    configurations: list[dict[str, Any]] = [
        {"S3DestinationConfiguration": bad}, {"ExtendedS3DestinationConfiguration": bad},
        {"ExtendedS3DestinationConfiguration": {**s3, "S3BackupMode": "Enabled", "S3BackupConfiguration": bad}},
        {"ExtendedS3DestinationConfiguration": {**s3, "DataFormatConversionConfiguration": schema}},
        {"ExtendedS3DestinationConfiguration": {**s3, "ProcessingConfiguration": {"Enabled": True, "Processors": [
            {"Type": "Lambda", "Parameters": [{"ParameterName": "RoleArn", "ParameterValue": "$R"}]}]}}},
        {"RedshiftDestinationConfiguration": {**common, "RoleARN": "$R", "ClusterJDBCURL": "u", "CopyCommand": {"DataTableName": "t"}}},
        {"RedshiftDestinationConfiguration": {**common, "S3Configuration": bad, "ClusterJDBCURL": "u", "CopyCommand": {"DataTableName": "t"}}},
        {"ElasticsearchDestinationConfiguration": {**common, "RoleARN": "$R", "IndexName": "i"}},
        {"ElasticsearchDestinationConfiguration": {**common, "IndexName": "i", "VpcConfiguration": {"SubnetIds": ["s"], "RoleARN": "$R", "SecurityGroupIds": ["g"]}}},
        {"AmazonopensearchserviceDestinationConfiguration": {**common, "RoleARN": "$R", "IndexName": "i"}},
        {"AmazonOpenSearchServerlessDestinationConfiguration": {**common, "S3Configuration": bad, "IndexName": "i"}},
        {"SplunkDestinationConfiguration": {"HECEndpoint": "https://own", "HECEndpointType": "Raw", "S3Configuration": bad}},
        {"HttpEndpointDestinationConfiguration": {"EndpointConfiguration": {"Url": "https://own"}, "RoleARN": "$R", "S3Configuration": s3}},
        {"HttpEndpointDestinationConfiguration": {"EndpointConfiguration": {"Url": "https://own"}, "S3Configuration": s3,
                                                  "SecretsManagerConfiguration": {"Enabled": True, "RoleARN": "$R", "SecretARN": world.ids["own secret"]}}},
        {"SnowflakeDestinationConfiguration": {**common, "RoleARN": "$R", "AccountUrl": "u", "Database": "d", "Schema": "s", "Table": "t"}},
        {"IcebergDestinationConfiguration": {**common, "RoleARN": "$R", "CatalogConfiguration": {}}},
        {"KinesisStreamSourceConfiguration": {"KinesisStreamARN": STREAM, "RoleARN": "$R"}, "S3DestinationConfiguration": s3},
        {"MSKSourceConfiguration": {"MSKClusterARN": arn("kafka", "cluster/c/1"), "TopicName": "t", "AuthenticationConfiguration": {"RoleARN": "$R", "Connectivity": "PUBLIC"}},
         "S3DestinationConfiguration": s3},
    ]  # fmt: skip
    rows = [Row("firehose", "CreateDeliveryStream", {"DeliveryStreamName": "own-d", **one}) for one in configurations]
    for name in ("S3DestinationUpdate", "ExtendedS3DestinationUpdate"):
        stream = {"DeliveryStreamName": "own", "CurrentDeliveryStreamVersionId": "1", "DestinationId": "d"}
        rows.append(Row("firehose", "UpdateDestination", {**stream, name: bad}))
    yield from passing(world, rows)


@family("roles: SageMaker")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    out, stop = {"S3OutputPath": "s3://own-bucket/o"}, {"MaxRuntimeInSeconds": 60}
    resources = {"InstanceType": "ml.m4.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 1}
    algorithm = {"TrainingImage": "i", "TrainingInputMode": "File"}
    settings = {"ExecutionRole": "$R"}
    feature = {
        "FeatureGroupName": "f",
        "RecordIdentifierFeatureName": "a",
        "EventTimeFeatureName": "b",
        "FeatureDefinitions": [],
    }
    yield from passing(world, [
        Row("sagemaker", "CreateModel", {"ModelName": "m", "ExecutionRoleArn": "$R"}),
        Row("sagemaker", "CreateNotebookInstance", {"NotebookInstanceName": "n", "InstanceType": "ml.t2.medium", "RoleArn": "$R"}),
        Row("sagemaker", "UpdateNotebookInstance", {"NotebookInstanceName": "n", "RoleArn": "$R"}),
        Row("sagemaker", "CreateTrainingJob", {"TrainingJobName": "t", "AlgorithmSpecification": algorithm, "RoleArn": "$R", "OutputDataConfig": out, "ResourceConfig": resources, "StoppingCondition": stop}),
        Row("sagemaker", "CreateProcessingJob", {"ProcessingJobName": "p", "ProcessingResources": {"ClusterConfig": resources}, "AppSpecification": {"ImageUri": "i"}, "RoleArn": "$R"}),
        Row("sagemaker", "CreateHyperParameterTuningJob", {"HyperParameterTuningJobName": "h", "HyperParameterTuningJobConfig": {"Strategy": "Random", "ResourceLimits": {"MaxParallelTrainingJobs": 1}},
            "TrainingJobDefinition": {"AlgorithmSpecification": {"TrainingInputMode": "File"}, "RoleArn": "$R", "OutputDataConfig": out, "StoppingCondition": stop}}),
        Row("sagemaker", "CreateDomain", {"DomainName": "d", "AuthMode": "IAM", "DefaultUserSettings": settings}),
        Row("sagemaker", "CreateDomain", {"DomainName": "d", "AuthMode": "IAM", "DefaultUserSettings": {"ExecutionRole": OWN_ROLE}, "DefaultSpaceSettings": settings}),
        Row("sagemaker", "CreateUserProfile", {"DomainId": "d", "UserProfileName": "u", "UserSettings": settings}),
        Row("sagemaker", "UpdateUserProfile", {"DomainId": "d", "UserProfileName": "u", "UserSettings": settings}),
        Row("sagemaker", "CreateFeatureGroup", {**feature, "RoleArn": "$R"}),
        Row("sagemaker", "CreatePipeline", {"PipelineName": "p", "ClientRequestToken": "t" * 32, "RoleArn": "$R", "PipelineDefinition": "{}"}),
        Row("sagemaker", "UpdatePipeline", {"PipelineName": "p", "RoleArn": "$R"}),
        Row("sagemaker", "CreateAutoMLJobV2", {"AutoMLJobName": "a", "AutoMLJobInputDataConfig": [], "OutputDataConfig": out, "AutoMLProblemTypeConfig": {}, "RoleArn": "$R"}),
        Row("sagemaker", "CreateCompilationJob", {"CompilationJobName": "c", "RoleArn": "$R", "OutputConfig": {"S3OutputLocation": "s3://own-bucket"}, "StoppingCondition": stop}),
        Row("sagemaker", "CreateFlowDefinition", {"FlowDefinitionName": "f", "OutputConfig": out, "RoleArn": "$R"}),
        Row("sagemaker", "CreateDataQualityJobDefinition", {"JobDefinitionName": "j", "DataQualityAppSpecification": {"ImageUri": "i"}, "DataQualityJobInput": {}, "RoleArn": "$R",
            "DataQualityJobOutputConfig": {"MonitoringOutputs": []}, "JobResources": {"ClusterConfig": resources}}),
        Row("sagemaker", "CreateCluster", {"ClusterName": "c", "InstanceGroups": [{"InstanceCount": 1, "InstanceGroupName": "g", "InstanceType": "ml.m5.large",
            "LifeCycleConfig": {"SourceS3Uri": "s3://own-bucket", "OnCreate": "x"}, "ExecutionRole": "$R"}]}),
        Row("sagemaker", "CreateEndpointConfig", {"EndpointConfigName": "e", "ProductionVariants": [], "ExecutionRoleArn": "$R"}),
        Row("sagemaker", "CreateInferenceExperiment", {"Name": "i", "Type": "ShadowMode", "RoleArn": "$R", "EndpointName": "e", "ModelVariants": [], "ShadowModeConfig": {"SourceModelVariantName": "s", "ShadowModelVariants": []}}),
    ])  # fmt: skip


@family("roles: Batch and EMR")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    container = {"image": "i", "vcpus": 1, "memory": 1}
    ecs = {"taskProperties": [{"containers": [{"image": "i"}], "taskRoleArn": "$R"}]}
    nodes = {
        "numNodes": 1,
        "mainNode": 0,
        "nodeRangeProperties": [{"targetNodes": "0:", "container": {**container, "jobRoleArn": "$R"}}],
    }
    job = {"jobDefinitionName": "j", "type": "container"}
    flow = {"Name": "n", "Instances": {"InstanceCount": 1, "MasterInstanceType": "m5.xlarge"}}
    spark = {"sparkSubmit": {"entryPoint": "s3://own-bucket/x"}}
    names = "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role-for-user.html (iam:PassRole of the roles by name)"
    yield from passing(world, [
        Row("batch", "RegisterJobDefinition", {**job, "containerProperties": {**container, "jobRoleArn": "$R"}}),
        Row("batch", "RegisterJobDefinition", {**job, "containerProperties": {**container, "executionRoleArn": "$R"}}),
        Row("batch", "RegisterJobDefinition", {**job, "containerProperties": {**container, "jobRoleArn": "$N"}}, "https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerProperties.html (jobRoleArn); a name is no ARN: asked all the same"),
        Row("batch", "RegisterJobDefinition", {"jobDefinitionName": "j", "type": "multinode", "nodeProperties": nodes}),
        Row("batch", "RegisterJobDefinition", {**job, "ecsProperties": ecs}),
        Row("batch", "CreateComputeEnvironment", {"computeEnvironmentName": "e", "type": "UNMANAGED", "serviceRole": "$R"}),
        Row("batch", "UpdateComputeEnvironment", {"computeEnvironment": "e", "serviceRole": "$R"}),
        Row("batch", "CreateComputeEnvironment", {"computeEnvironmentName": "e", "type": "MANAGED", "serviceRole": OWN_ROLE,
            "computeResources": {"type": "SPOT", "maxvCpus": 1, "subnets": ["s"], "instanceRole": "own-role", "spotIamFleetRole": "$R"}}),
        Row("emr", "RunJobFlow", {**flow, "ServiceRole": "$R"}),
        Row("emr", "RunJobFlow", {**flow, "ServiceRole": "$N"}, names),
        Row("emr", "RunJobFlow", {**flow, "ServiceRole": "own-role", "AutoScalingRole": "$N"}, names),
        Row("emr", "RunJobFlow", {**flow, "ServiceRole": "own-role", "AutoScalingRole": "$R"}, names),
        Row("emr", "AddJobFlowSteps", {"JobFlowId": "j-1", "Steps": [], "ExecutionRoleArn": "$R"}),
        Row("emr", "CreateStudio", {"Name": "s", "AuthMode": "IAM", "VpcId": "v", "SubnetIds": ["s"], "ServiceRole": "$R", "WorkspaceSecurityGroupId": "g", "EngineSecurityGroupId": "g", "DefaultS3Location": "s3://own-bucket"}),
        Row("emr", "StartNotebookExecution", {"EditorId": "e", "ExecutionEngine": {"Id": "j-1", "ExecutionRoleArn": "$R"}, "ServiceRole": "own-role"}),
        Row("emr", "StartNotebookExecution", {"EditorId": "e", "ExecutionEngine": {"Id": "j-1"}, "ServiceRole": "$N"}, names),
        Row("emr-serverless", "StartJobRun", {"applicationId": "a", "clientToken": "t", "executionRoleArn": "$R", "jobDriver": spark}),
    ])  # fmt: skip


def template(kind: str, **properties: Any) -> dict[str, Any]:
    """A template of one resource."""
    return {"Resources": {"A": {"Type": kind, "Properties": properties}}}


@family("roles: stacks")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    body = json.dumps(template("AWS::SNS::Topic", TopicName="own-t"))
    stack: dict[str, Any] = {"StackName": "own-s", "TemplateBody": body}
    sets = {"StackSetName": "own-set", "TemplateBody": body}
    names = "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html (AdministrationRoleARN)"
    yield from passing(world, [
        Row("cloudformation", "CreateStack", {**stack, "RoleARN": "$R"}),
        Row("cloudformation", "UpdateStack", {**stack, "RoleARN": "$R"}),
        Row("cloudformation", "DeleteStack", {"StackName": "own-s", "RoleARN": "$R"}),
        Row("cloudformation", "CreateChangeSet", {**stack, "ChangeSetName": "c", "ChangeSetType": "CREATE", "RoleARN": "$R"}),
        Row("cloudformation", "ContinueUpdateRollback", {"StackName": "own-s", "RoleARN": "$R"}),
        Row("cloudformation", "RollbackStack", {"StackName": "own-s", "RoleARN": "$R"}),
        Row("cloudformation", "CreateStackSet", {**sets, "AdministrationRoleARN": "$R"}, names),
        Row("cloudformation", "UpdateStackSet", {**sets, "AdministrationRoleARN": "$R"}, names),
        Row("cloudformation", "RegisterType", {"TypeName": "A::B::C", "SchemaHandlerPackage": "s3://own-bucket/x", "ExecutionRoleArn": "$R"}),
        Row("cloudformation", "RegisterType", {"TypeName": "A::B::C", "SchemaHandlerPackage": "s3://own-bucket/x", "ExecutionRoleArn": OWN_ROLE,
                                               "LoggingConfig": {"LogRoleArn": "$R", "LogGroupName": "own"}}),
        Row("cloudformation", "ActivateType", {"TypeName": "A::B::C", "ExecutionRoleArn": "$R"}),
        Row("cloudformation", "ActivateType", {"TypeName": "A::B::C", "LoggingConfig": {"LogRoleArn": "$R", "LogGroupName": "own"}}),
    ])  # fmt: skip


@family("roles: identities, GraphQL, topics")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    pool, topic = world.ids["own pool"], world.ids["own topic"]
    sms = {"SnsCallerArn": "$R", "ExternalId": "e"}
    rules = {
        "Type": "Rules",
        "RulesConfiguration": {"Rules": [{"Claim": "c", "MatchType": "Equals", "Value": "v", "RoleARN": "$R"}]},
    }
    identity = {"IdentityPoolId": "us-east-1:1"}
    rows = [
        Row("cognito-idp", "CreateUserPool", {"PoolName": "p", "SmsConfiguration": sms}),
        Row("cognito-idp", "UpdateUserPool", {"UserPoolId": pool, "SmsConfiguration": sms}),
        Row("cognito-idp", "SetUserPoolMfaConfig", {"UserPoolId": pool, "SmsMfaConfiguration": {"SmsConfiguration": sms}}),
        Row("cognito-idp", "CreateGroup", {"UserPoolId": pool, "GroupName": "g", "RoleArn": "$R"}),
        Row("cognito-idp", "UpdateGroup", {"UserPoolId": pool, "GroupName": "g", "RoleArn": "$R"}),
        Row("cognito-idp", "CreateUserImportJob", {"UserPoolId": pool, "JobName": "j", "CloudWatchLogsRoleArn": "$R"}),
        Row("cognito-idp", "CreateUserPoolClient", {"UserPoolId": pool, "ClientName": "c", "AnalyticsConfiguration": {"ApplicationId": "a", "RoleArn": "$R", "ExternalId": "e"}}),
        Row("cognito-identity", "SetIdentityPoolRoles", {**identity, "Roles": {"authenticated": "$R"}}),
        Row("cognito-identity", "SetIdentityPoolRoles", {**identity, "Roles": {"unauthenticated": "$R"}}),
        Row("cognito-identity", "SetIdentityPoolRoles", {**identity, "Roles": {}, "RoleMappings": {"p": rules}}),
        Row("appsync", "CreateDataSource", {"apiId": "a", "name": "d", "type": "AWS_LAMBDA", "serviceRoleArn": "$R"}),
        Row("appsync", "UpdateDataSource", {"apiId": "a", "name": "d", "type": "AWS_LAMBDA", "serviceRoleArn": "$R"}),
        Row("appsync", "CreateGraphqlApi", {"name": "g", "authenticationType": "AWS_IAM", "logConfig": {"fieldLogLevel": "ALL", "cloudWatchLogsRoleArn": "$R"}}),
        Row("appsync", "UpdateGraphqlApi", {"apiId": "a", "name": "g", "authenticationType": "AWS_IAM", "logConfig": {"fieldLogLevel": "ALL", "cloudWatchLogsRoleArn": "$R"}}),
        Row("appsync", "CreateGraphqlApi", {"name": "g", "authenticationType": "AWS_IAM", "apiType": "MERGED", "mergedApiExecutionRoleArn": "$R"}),
        Row("sns", "Subscribe", {"TopicArn": topic, "Protocol": "firehose", "Endpoint": arn("firehose", "deliverystream/own"), "Attributes": {"SubscriptionRoleArn": "$R"}}),
        Row("sns", "SetSubscriptionAttributes", {"SubscriptionArn": topic + ":1", "AttributeName": "SubscriptionRoleArn", "AttributeValue": "$R"}),
        Row("sns", "CreatePlatformApplication", {"Name": "n", "Platform": "GCM", "Attributes": {"PlatformCredential": "x", "SuccessFeedbackRoleArn": "$R"}}),
        Row("sns", "SetSMSAttributes", {"attributes": {"DeliveryStatusIAMRole": "$R"}}),
    ]  # fmt: skip
    for protocol in ("HTTP", "Lambda", "SQS", "Firehose", "Application"):
        for kind in ("Success", "Failure"):
            name = f"{protocol}{kind}FeedbackRoleArn"
            rows.append(
                Row("sns", "SetTopicAttributes", {"TopicArn": topic, "AttributeName": name, "AttributeValue": "$R"})
            )
            rows.append(Row("sns", "CreateTopic", {"Name": "own-t", "Attributes": {name: "$R"}}))
    yield from passing(world, rows)


@family("roles: databases")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    db = {"DBInstanceIdentifier": "d", "DBInstanceClass": "db.t3.micro", "Engine": "mysql"}
    cluster = {
        "ClusterIdentifier": "c",
        "NodeType": "ra3.large",
        "MasterUsername": "u",
        "MasterUserPassword": "Passw0rdA",
    }
    endpoint = {"EndpointIdentifier": "e", "EndpointType": "target"}
    domain = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html (DomainIAMRoleName: the name)"
    cognito = {"Enabled": True, "UserPoolId": "p", "IdentityPoolId": "i", "RoleArn": "$R"}
    action = {"ResumeCluster": {"ClusterIdentifier": "c"}}
    yield from passing(world, [
        Row("rds", "CreateDBInstance", {**db, "MonitoringRoleArn": "$R", "MonitoringInterval": 1}),
        Row("rds", "ModifyDBInstance", {"DBInstanceIdentifier": "d", "MonitoringRoleArn": "$R", "MonitoringInterval": 1}),
        Row("rds", "CreateDBInstance", {**db, "Domain": "d-1", "DomainIAMRoleName": "$N"}, domain),
        Row("rds", "ModifyDBInstance", {"DBInstanceIdentifier": "d", "Domain": "d-1", "DomainIAMRoleName": "$N"}, domain),
        Row("rds", "CreateDBCluster", {"DBClusterIdentifier": "c", "Engine": "aurora-mysql", "Domain": "d-1", "DomainIAMRoleName": "$N"}, domain),
        Row("rds", "RestoreDBInstanceFromDBSnapshot", {"DBInstanceIdentifier": "d", "DBSnapshotIdentifier": "s", "DomainIAMRoleName": "$N"}, domain),
        Row("rds", "AddRoleToDBCluster", {"DBClusterIdentifier": "c", "RoleArn": "$R"}),
        Row("rds", "AddRoleToDBInstance", {"DBInstanceIdentifier": "d", "RoleArn": "$R", "FeatureName": "S3_INTEGRATION"}),
        Row("rds", "CreateDBProxy", {"DBProxyName": "p", "EngineFamily": "MYSQL", "RoleArn": "$R", "VpcSubnetIds": ["s"], "Auth": []}),
        Row("rds", "ModifyDBProxy", {"DBProxyName": "p", "RoleArn": "$R"}),
        Row("rds", "StartExportTask", {"ExportTaskIdentifier": "e", "SourceArn": arn("rds", "snapshot:s"), "S3BucketName": "own-bucket", "IamRoleArn": "$R", "KmsKeyId": ""}),
        Row("rds", "RestoreDBInstanceFromS3", {**db, "SourceEngine": "mysql", "SourceEngineVersion": "8", "S3BucketName": "own-bucket", "S3IngestionRoleArn": "$R"}),
        Row("rds", "CreateCustomDBEngineVersion", {"Engine": "custom", "EngineVersion": "1", "Description": "$R"}, "an ARN of a role in any member"),
        Row("neptune", "AddRoleToDBCluster", {"DBClusterIdentifier": "c", "RoleArn": "$R"}),
        Row("redshift", "CreateCluster", {**cluster, "IamRoles": [OWN_ROLE, "$R"]}),
        Row("redshift", "CreateCluster", {**cluster, "DefaultIamRoleArn": "$R"}),
        Row("redshift", "ModifyClusterIamRoles", {"ClusterIdentifier": "c", "AddIamRoles": ["$R"]}),
        Row("redshift", "ModifyClusterIamRoles", {"ClusterIdentifier": "c", "DefaultIamRoleArn": "$R"}),
        Row("redshift", "RestoreFromClusterSnapshot", {"ClusterIdentifier": "c", "SnapshotIdentifier": "s", "IamRoles": ["$R"]}),
        Row("redshift", "CreateScheduledAction", {"ScheduledActionName": "a", "TargetAction": action, "Schedule": "cron(0 1 * * ? *)", "IamRole": "$R"}),
        Row("redshift", "ModifyScheduledAction", {"ScheduledActionName": "a", "IamRole": "$R"}),
        Row("dms", "CreateEndpoint", {**endpoint, "EngineName": "s3", "S3Settings": {"ServiceAccessRoleArn": "$R", "BucketName": "own-bucket"}}),
        Row("dms", "CreateEndpoint", {**endpoint, "EngineName": "dynamodb", "DynamoDbSettings": {"ServiceAccessRoleArn": "$R"}}),
        Row("dms", "CreateEndpoint", {**endpoint, "EngineName": "kinesis", "KinesisSettings": {"ServiceAccessRoleArn": "$R", "StreamArn": STREAM}}),
        Row("dms", "CreateEndpoint", {**endpoint, "EngineName": "s3", "ServiceAccessRoleArn": "$R"}),
        Row("dms", "CreateEndpoint", {**endpoint, "EngineName": "mysql", "MySQLSettings": {"SecretsManagerAccessRoleArn": "$R", "SecretsManagerSecretId": "own"}}),
        Row("dms", "CreateEndpoint", {**endpoint, "EngineName": "s3", "ExtraConnectionAttributes": "serviceAccessRoleArn=$R;bucketName=own-bucket;"}, "https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.S3.html"),
        Row("dms", "ModifyEndpoint", {"EndpointArn": arn("dms", "endpoint:e"), "S3Settings": {"ServiceAccessRoleArn": "$R"}}),
        Row("dax", "CreateCluster", {"ClusterName": "c", "NodeType": "dax.r4.large", "ReplicationFactor": 1, "IamRoleArn": "$R"}),
        Row("opensearch", "CreateDomain", {"DomainName": "d", "CognitoOptions": cognito}),
        Row("opensearch", "UpdateDomainConfig", {"DomainName": "d", "CognitoOptions": cognito}),
        Row("es", "CreateElasticsearchDomain", {"DomainName": "d", "CognitoOptions": cognito}),
    ])  # fmt: skip


@family("roles: logs, backups, replication, maintenance")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    field = {"key": "resourceRole", "stringValue": "$R"}
    rule = {
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": BUCKET},
    }
    operation = {"S3PutObjectTagging": {"TagSet": []}}
    report = {"Enabled": False}
    schedule = {"CreateRule": {"Interval": 1, "IntervalUnit": "HOURS"}, "Name": "n"}
    automation = {"DocumentName": "AWS-RestartEC2Instance"}
    window = {"WindowId": "mw-01234567890123456", "TaskArn": "AWS-RunShellScript", "TaskType": "RUN_COMMAND"}
    yield from passing(world, [
        Row("logs", "PutSubscriptionFilter", {"logGroupName": "own", "filterName": "f", "filterPattern": "", "destinationArn": STREAM, "roleArn": "$R"}),
        Row("logs", "PutDestination", {"destinationName": "d", "targetArn": STREAM, "roleArn": "$R"}),
        Row("logs", "PutAccountPolicy", {"policyName": "p", "policyType": "SUBSCRIPTION_FILTER_POLICY", "policyDocument": json.dumps({"DestinationArn": STREAM, "RoleArn": "$R", "FilterPattern": ""})},
            "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html"),
        Row("cloudtrail", "CreateTrail", {"Name": "t", "S3BucketName": "own-bucket", "CloudWatchLogsRoleArn": "$R", "CloudWatchLogsLogGroupArn": arn("logs", "log-group:own:*")}),
        Row("cloudtrail", "UpdateTrail", {"Name": "t", "CloudWatchLogsRoleArn": "$R", "CloudWatchLogsLogGroupArn": arn("logs", "log-group:own:*")}),
        Row("config", "PutConfigurationRecorder", {"ConfigurationRecorder": {"name": "r", "roleARN": "$R"}}),
        Row("config", "PutConfigurationAggregator", {"ConfigurationAggregatorName": "a", "OrganizationAggregationSource": {"RoleArn": "$R"}}),
        Row("config", "PutRemediationConfigurations", {"RemediationConfigurations": [{"ConfigRuleName": "r", "TargetType": "SSM_DOCUMENT", "TargetId": "d",
            "Parameters": {"AutomationAssumeRole": {"StaticValue": {"Values": ["$R"]}}}}]}, "https://docs.aws.amazon.com/config/latest/developerguide/setup-autoremediation.html"),
        Row("backup", "CreateBackupSelection", {"BackupPlanId": "b", "BackupSelection": {"SelectionName": "s", "IamRoleArn": "$R"}}),
        Row("backup", "StartBackupJob", {"BackupVaultName": "v", "ResourceArn": arn("dynamodb", "table/own"), "IamRoleArn": "$R"}),
        Row("backup", "StartRestoreJob", {"RecoveryPointArn": arn("backup", "recovery-point:r"), "Metadata": {}, "IamRoleArn": "$R"}),
        Row("backup", "StartRestoreJob", {"RecoveryPointArn": arn("backup", "recovery-point:r"), "Metadata": {"role": "$R"}, "IamRoleArn": OWN_ROLE}),
        Row("backup", "StartCopyJob", {"RecoveryPointArn": arn("backup", "recovery-point:r"), "SourceBackupVaultName": "v", "DestinationBackupVaultArn": arn("backup", "backup-vault:w"), "IamRoleArn": "$R"}),
        Row("dlm", "CreateLifecyclePolicy", {"ExecutionRoleArn": "$R", "Description": "d", "State": "ENABLED", "PolicyDetails": {"ResourceTypes": ["VOLUME"], "Schedules": [schedule]}}),
        Row("dlm", "UpdateLifecyclePolicy", {"PolicyId": "policy-0123", "ExecutionRoleArn": "$R"}),
        Row("ssm", "RegisterTaskWithMaintenanceWindow", {**window, "ServiceRoleArn": "$R"}),
        Row("ssm", "UpdateMaintenanceWindowTask", {"WindowId": window["WindowId"], "WindowTaskId": "t" * 36, "ServiceRoleArn": "$R"}),
        Row("ssm", "RegisterTaskWithMaintenanceWindow", {**window, "TaskInvocationParameters": {"RunCommand": {"ServiceRoleArn": "$R"}}}),
        Row("ssm", "SendCommand", {"DocumentName": "AWS-RunShellScript", "ServiceRoleArn": "$R"}),
        Row("ssm", "StartAutomationExecution", {**automation, "Parameters": {"AutomationAssumeRole": ["$R"]}}, "https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-iam.html"),
        Row("ssm", "CreateAssociation", {"Name": "AWS-RestartEC2Instance", "Parameters": {"AutomationAssumeRole": ["$R"]}}),
        Row("ssm", "CreateActivation", {"IamRole": "$N"}, "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateActivation.html (IamRole: the name)"),
        Row("ssm", "UpdateManagedInstanceRole", {"InstanceId": "mi-01234567890123456", "IamRole": "$N"}, "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UpdateManagedInstanceRole.html (the name)"),
        Row("datapipeline", "PutPipelineDefinition", {"pipelineId": "p", "pipelineObjects": [{"id": "Default", "name": "Default", "fields": [field]}]}),
        Row("datapipeline", "PutPipelineDefinition", {"pipelineId": "p", "pipelineObjects": [{"id": "Default", "name": "Default", "fields": [{"key": "role", "stringValue": "$R"}]}]}),
        Row("s3", "PutBucketReplication", {"Bucket": "own-bucket", "ReplicationConfiguration": {"Role": "$R", "Rules": [rule]}}),
        Row("s3control", "CreateJob", {"AccountId": ACCOUNT, "Operation": operation, "Report": report, "ClientRequestToken": "t", "Priority": 1, "RoleArn": "$R"}),
        Row("s3control", "CreateAccessGrantsLocation", {"AccountId": ACCOUNT, "LocationScope": "s3://own-bucket/*", "IAMRoleArn": "$R"}),
        Row("datasync", "CreateLocationS3", {"S3BucketArn": BUCKET, "S3Config": {"BucketAccessRoleArn": "$R"}}),
        Row("transfer", "CreateUser", {"ServerId": "s-01234567890123456", "UserName": "user", "Role": "$R"}),
        Row("transfer", "UpdateUser", {"ServerId": "s-01234567890123456", "UserName": "user", "Role": "$R"}),
        Row("transfer", "CreateServer", {"LoggingRole": "$R"}),
        Row("fis", "CreateExperimentTemplate", {"clientToken": "t", "description": "d", "stopConditions": [], "actions": {}, "roleArn": "$R"}),
        Row("kinesisanalyticsv2", "CreateApplication", {"ApplicationName": "a", "RuntimeEnvironment": "FLINK-1_18", "ServiceExecutionRole": "$R"}),
        Row("synthetics", "CreateCanary", {"Name": "c", "Code": {"Handler": "h"}, "ArtifactS3Location": "s3://own-bucket", "ExecutionRoleArn": "$R", "Schedule": {"Expression": "rate(1 hour)"}, "RuntimeVersion": "r"}),
    ])  # fmt: skip


@family("roles: functions and state machines")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    function = {"FunctionName": "own-f", "Runtime": "python3.12", "Handler": "i.h", "Code": {"ZipFile": b"x"}}
    mapping = {"FunctionName": "own", "EventSourceArn": QUEUE}
    yield from passing(world, [
        Row("lambda", "CreateFunction", {**function, "Role": "$R"}),
        Row("lambda", "CreateFunction", {**function, "Role": "$R", "Publish": True, "Tags": {"own": OWN_ROLE}}),
        Row("lambda", "UpdateFunctionConfiguration", {"FunctionName": "own", "Role": "$R"}),
        Row("lambda", "UpdateFunctionConfiguration", {"FunctionName": arn("lambda", "function:own"), "Role": "$R"}),
        Row("lambda", "CreateEventSourceMapping", {**mapping, "SourceAccessConfigurations": [{"Type": "BASIC_AUTH", "URI": "$R"}]}, "an ARN of a role in any member"),
        Row("lambda", "CreateCapacityProvider", {"CapacityProviderName": "c", "VpcConfig": {"SubnetIds": ["s"], "SecurityGroupIds": ["g"]}, "PermissionsConfig": {"CapacityProviderOperatorRoleArn": "$R"}}),
        Row("stepfunctions", "CreateStateMachine", {"name": "own-m", "definition": definition, "roleArn": "$R"}),
        Row("stepfunctions", "CreateStateMachine", {"name": "own-m", "definition": definition, "roleArn": "$R", "type": "EXPRESS"}),
        Row("stepfunctions", "UpdateStateMachine", {"stateMachineArn": arn("states", "stateMachine:own"), "roleArn": "$R"}),
        Row("stepfunctions", "UpdateStateMachine", {"stateMachineArn": arn("states", "stateMachine:own"), "roleArn": "$R", "definition": definition, "publish": True}),
        Row("stepfunctions", "TestState", {"definition": json.dumps({"Type": "Pass", "End": True}), "roleArn": "$R"}, "https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html (iam:PassRole)"),
    ])  # fmt: skip


@family("roles: disguised ARNs")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    """IAM's ARNs are compared as they are; whatever a service makes of another writing, own-role alone may be passed
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html)."""
    key = user(world, *but("iam:PassRole", OWN_ROLE))
    forms = [
        VICTIM_ROLE.upper(), VICTIM_ROLE.replace("arn:aws:iam", "ARN:AWS:IAM"), VICTIM_ROLE + " ", " " + VICTIM_ROLE, VICTIM_ROLE + "\n", OWN_ROLE + "/../victim-role",
        OWN_ROLE + " " + VICTIM_ROLE, VICTIM_ROLE + "," + OWN_ROLE, VICTIM_ROLE + "#" + OWN_ROLE, VICTIM_ROLE.replace("role/", "role//"),
        VICTIM_ROLE.replace("arn:aws:", "arn:aws-cn:"), VICTIM_ROLE.replace("iam::", "iam:us-east-1:"), VICTIM_ROLE.replace(ACCOUNT, "111122223333"),
        arn("iam", "role/*", ""), arn("iam", "role/own-role*", ""), arn("iam", "role/own-rol?", ""), OWN_ROLE.replace("own-role", "Own-Role"), VICTIM_ROLE.replace("victim", "v%69ctim"),
        OWN_ROLE + "\0", "\ufeff" + VICTIM_ROLE, VICTIM_ROLE.replace("-", "\u2010"), arn("iam", "role/aws-service-role/x.amazonaws.com/victim-role", ""),
    ]  # fmt: skip
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    for role in forms:
        for service, operation, parameters in (
            ("lambda", "UpdateFunctionConfiguration", {"FunctionName": "own", "Role": role}),
            ("stepfunctions", "CreateStateMachine", {"name": "own-m", "definition": definition, "roleArn": role}),
            ("events", "PutTargets", {"Rule": "own", "Targets": [{"Id": "1", "Arn": STREAM, "RoleArn": role}]}),
            ("scheduler", "CreateSchedule", {"Name": "own", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": {"Arn": FUNCTION, "RoleArn": role}}),
        ):  # fmt: skip
            yield asked_by(key, f"{service}.{operation} {role[8:]!r}", Wire.of(service, operation, **parameters))
    for role in (OWN_ROLE,):
        wire = Wire.of("stepfunctions", "CreateStateMachine", name="own-m", definition=definition, roleArn=role)
        yield asked_by(key, "control", wire, control=True)
        wire = Wire.of("lambda", "UpdateFunctionConfiguration", FunctionName="own", Role=role)
        yield asked_by(key, "control", wire, control=True)
