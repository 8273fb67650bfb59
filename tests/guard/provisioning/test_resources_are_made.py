"""What a stack's resources leave in the local AWS: where functions, and the guard itself, look for it."""

from __future__ import annotations

import json
from typing import Any

from guard.provisioning.stacks_of import Stacks

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def allowing(action: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


def inline(*names: str) -> list[dict[str, Any]]:
    return [{"PolicyName": name, "PolicyDocument": allowing(f"s3:{name}")} for name in names]


def role(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST, **properties}}


def att(id: str, name: str = "Arn") -> dict[str, list[str]]:
    return {"Fn::GetAtt": [id, name]}


def test_a_role_has_its_policies_in_iam_and_loses_those_that_a_later_template_leaves_out(cloud: Stacks) -> None:
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": allowing("sqs:SendMessage")}}
    assert cloud.create(
        {
            "Policy": policy,
            "Role": role(
                RoleName="r", Policies=inline("GetObject", "PutObject"), ManagedPolicyArns=[{"Ref": "Policy"}]
            ),
        }
    ) == ("CREATE_COMPLETE")
    iam = cloud.gate.client("iam")
    assert iam.list_role_policies(RoleName="r")["PolicyNames"] == ["GetObject", "PutObject"]
    assert len(iam.list_attached_role_policies(RoleName="r")["AttachedPolicies"]) == 1
    assert (
        cloud.update({"Policy": policy, "Role": role(RoleName="r", Policies=inline("GetObject"))}) == "UPDATE_COMPLETE"
    )
    assert iam.list_role_policies(RoleName="r")["PolicyNames"] == ["GetObject"]
    assert iam.list_attached_role_policies(RoleName="r")["AttachedPolicies"] == []
    assert cloud.delete() == "DELETE_COMPLETE"
    assert iam.list_roles()["Roles"] == []


def test_a_policy_of_its_own_is_put_into_its_roles_and_follows_its_document(cloud: Stacks) -> None:
    def policy(action: str) -> dict[str, Any]:
        given = {"PolicyName": "p", "Roles": [{"Ref": "Role"}], "PolicyDocument": allowing(action)}
        return {"Type": "AWS::IAM::Policy", "Properties": given}

    iam = cloud.gate.client("iam")
    assert cloud.create({"Role": role(RoleName="r"), "P": policy("s3:GetObject")}) == "CREATE_COMPLETE"
    assert cloud.update({"Role": role(RoleName="r"), "P": policy("s3:PutObject")}) == "UPDATE_COMPLETE"
    assert iam.get_role_policy(RoleName="r", PolicyName="p")["PolicyDocument"] == allowing("s3:PutObject")


def test_the_policies_of_buckets_queues_topics_and_functions_stand_where_the_guard_reads_them(cloud: Stacks) -> None:
    def policy(service: str, action: str, resource: Any) -> dict[str, Any]:
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": resource}
        return {"Version": "2012-10-17", "Statement": [statement]}

    assert cloud.create({
        "B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "shop-files"}},
        "BP": {"Type": "AWS::S3::BucketPolicy", "Properties": {
            "Bucket": {"Ref": "B"},
            "PolicyDocument": policy("logging.s3.amazonaws.com", "s3:PutObject", "arn:aws:s3:::shop-files/*"),
        }},
        "Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q", "VisibilityTimeout": "77"}},
        "QP": {"Type": "AWS::SQS::QueuePolicy", "Properties": {
            "Queues": [{"Ref": "Q"}], "PolicyDocument": policy("sns.amazonaws.com", "sqs:SendMessage", att("Q")),
        }},
        "T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}},
        "S": {"Type": "AWS::SNS::Subscription", "Properties": {
            "TopicArn": {"Ref": "T"}, "Protocol": "sqs", "Endpoint": att("Q"),
        }},
        "Role": role(),
        "F": {"Type": "AWS::Lambda::Function", "Properties": {
            "FunctionName": "f", "Runtime": "nodejs22.x", "Handler": "index.h", "Role": att("Role"),
            "Code": {"ZipFile": "exports.h = 1"}, "Environment": {"Variables": {"QUEUE": {"Ref": "Q"}}},
        }},
        "FP": {"Type": "AWS::Lambda::Permission", "Properties": {
            "FunctionName": att("F"), "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com",
            "SourceArn": {"Ref": "T"},
        }},
    }, {"Queue": {"Ref": "Q"}}) == "CREATE_COMPLETE", cloud.reasons()  # fmt: skip
    gate, url = cloud.gate, cloud.outputs()["Queue"]
    assert "logging.s3" in gate.client("s3").get_bucket_policy(Bucket="shop-files")["Policy"]
    attributes = gate.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert attributes["VisibilityTimeout"] == "77"
    assert "sns.amazonaws.com" in attributes["Policy"]
    assert len(gate.client("sns").list_subscriptions()["Subscriptions"]) == 1
    function = gate.client("lambda").get_function_configuration(FunctionName="f")
    assert function["Environment"]["Variables"] == {"QUEUE": url}
    (statement,) = json.loads(gate.client("lambda").get_policy(FunctionName="f")["Policy"])["Statement"]
    assert statement["Principal"] == {"Service": "sns.amazonaws.com"}
    assert gate.stand_ins == []
    assert cloud.delete() == "DELETE_COMPLETE"


def test_an_update_changes_in_place_and_a_property_of_creation_makes_a_new_resource(cloud: Stacks) -> None:
    def queue(**properties: Any) -> dict[str, Any]:
        return {"Q": {"Type": "AWS::SQS::Queue", "Properties": properties}}

    cloud.create(queue(QueueName="a", VisibilityTimeout=5))
    first = cloud.physical("Q")
    sqs = cloud.gate.client("sqs")
    sqs.send_message(QueueUrl=first, MessageBody="kept")
    assert cloud.update(queue(QueueName="a", VisibilityTimeout=9)) == "UPDATE_COMPLETE"
    assert cloud.physical("Q") == first
    assert len(sqs.receive_message(QueueUrl=first)["Messages"]) == 1
    assert cloud.update(queue(QueueName="b", VisibilityTimeout=9)) == "UPDATE_COMPLETE"
    assert [url.rpartition("/")[2] for url in sqs.list_queues()["QueueUrls"]] == ["b"]


def test_what_is_named_already_fails_with_the_services_own_words(cloud: Stacks) -> None:
    cloud.gate.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))
    assert cloud.create({"Role": role(RoleName="r")}) == "ROLLBACK_COMPLETE"
    assert "Role with name r already exists" in cloud.reasons()[0]


def test_a_bucket_that_is_not_empty_stays_and_so_does_the_stack(cloud: Stacks) -> None:
    cloud.create({"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "shop-files"}}})
    cloud.gate.client("s3").put_object(Bucket="shop-files", Key="k", Body=b"")
    assert cloud.delete() == "DELETE_FAILED"
    assert "not empty" in cloud.reasons()[0]


def test_a_type_that_aws_does_not_have_fails_its_stack(cloud: Stacks) -> None:
    assert cloud.create({"X": {"Type": "AWS::SQS::Cue"}}) == "ROLLBACK_COMPLETE"
    assert "AWS::SQS::Cue" in cloud.reasons()[0]


def test_a_function_whose_layer_stands_elsewhere_is_made_without_it_and_that_is_told(cloud: Stacks) -> None:
    layer = "arn:aws:lambda:us-east-1:999999999999:layer:shared:1"
    assert cloud.create({
        "Role": role(),
        "F": {"Type": "AWS::Lambda::Function", "Properties": {
            "FunctionName": "f", "Runtime": "nodejs22.x", "Handler": "index.h", "Role": att("Role"),
            "Code": {"ZipFile": "exports.h = 1"}, "Layers": [layer],
            "Environment": {"Variables": {"A": "1"}},
        }},
    }) == "CREATE_COMPLETE", cloud.reasons()  # fmt: skip
    assert layer in [one.check.resource for one in cloud.gate.decided]
    found = cloud.gate.client("lambda").get_function_configuration(FunctionName="f")
    assert found["Environment"]["Variables"] == {"A": "1"}
    ((id, reason),) = cloud.gate.stand_ins
    assert id == "F" and "left out" in reason and "LayerVersion" in reason


def test_a_state_machine_and_an_api_are_read_from_where_their_documents_lie(cloud: Stacks) -> None:
    s3 = cloud.gate.client("s3")
    s3.create_bucket(Bucket="documents")
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "${Word}", "End": True}}}
    s3.put_object(Bucket="documents", Key="machine.json", Body=json.dumps(definition))
    method = {
        "responses": {"200": {"description": "fine"}},
        "x-amazon-apigateway-integration": {"type": "http", "uri": "https://a.example", "httpMethod": "GET"},
    }
    body = {"swagger": "2.0", "info": {"title": "shop", "version": "1"}, "paths": {"/hello": {"get": method}}}
    assert cloud.create({
        "Role": role(),
        "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
            "StateMachineName": "m", "RoleArn": att("Role"), "DefinitionSubstitutions": {"Word": "good day"},
            "DefinitionS3Location": {"Bucket": "documents", "Key": "machine.json"},
        }},
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": body}},
        "Deployment": {"Type": "AWS::ApiGateway::Deployment", "Properties": {
            "RestApiId": {"Ref": "Api"}, "StageName": "dev",
        }},
    }) == "CREATE_COMPLETE", cloud.reasons()  # fmt: skip
    machine = cloud.gate.client("stepfunctions").describe_state_machine(stateMachineArn=cloud.physical("Machine"))
    assert "good day" in machine["definition"]
    api = cloud.physical("Api")
    paths = {one["path"] for one in cloud.gate.client("apigateway").get_resources(restApiId=api)["items"]}
    assert "/hello" in paths
    (stage,) = cloud.gate.client("apigateway").get_stages(restApiId=api)["item"]
    assert stage["deploymentId"] == cloud.physical("Deployment")


def test_a_network_load_balancer_listens_to_tcp(cloud: Stacks) -> None:
    ref = {"Ref": "Network"}
    resources = {
        "Network": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Part": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": ref, "CidrBlock": "10.0.1.0/24"}},
        "Balancer": {
            "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "Properties": {"Type": "network", "Scheme": "internal", "Subnets": [{"Ref": "Part"}],
                           "LoadBalancerAttributes": [{"Key": "deletion_protection.enabled", "Value": "false"}]},
        },
        "Group": {
            "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
            "Properties": {"Port": 80, "Protocol": "TCP", "TargetType": "ip", "VpcId": ref},
        },
        "Listener": {
            "Type": "AWS::ElasticLoadBalancingV2::Listener",
            "Properties": {"LoadBalancerArn": {"Ref": "Balancer"}, "Port": 80, "Protocol": "TCP",
                           "DefaultActions": [{"Type": "forward", "TargetGroupArn": {"Ref": "Group"}}]},
        },
    }  # fmt: skip
    assert cloud.create(resources) == "CREATE_COMPLETE"
    (made,) = cloud.gate.client("elbv2").describe_load_balancers()["LoadBalancers"]
    assert (made["Type"], made["Scheme"]) == ("network", "internal")
    assert cloud.delete() == "DELETE_COMPLETE"
    assert cloud.gate.client("elbv2").describe_load_balancers()["LoadBalancers"] == []
