"""Whose credentials a library's calls are made with."""

from __future__ import annotations

from collections.abc import Callable

Calls = Callable[..., list[str]]


def test_a_session_or_a_client_of_another_role_makes_the_calls_that_role_s(python_calls: Calls) -> None:
    source = """
        import awswrangler as wr
        import boto3
        from langchain_aws import BedrockEmbeddings
        def handler(event, context):
            role = "arn:aws:iam::1:role/other"
            key = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="s")["Credentials"]
            session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], key["SessionToken"])
            wr.secretsmanager.get_secret("s", boto3_session=session)
            BedrockEmbeddings(model_id="m", client=session.client("bedrock-runtime")).embed_query("x")
            BedrockEmbeddings(model_id="n").embed_query("x")
    """
    assert python_calls(source)[1:] == [
        "secretsmanager.GetSecretValue SecretId=s as arn:aws:iam::1:role/other",
        "bedrock-runtime.InvokeModel modelId=m as arn:aws:iam::1:role/other",
        "bedrock-runtime.InvokeModel modelId=n",
    ]


def test_an_api_key_or_an_access_key_is_somebody_else_s(python_calls: Calls, javascript_calls: Calls) -> None:
    source = """
        import os
        from anthropic import AnthropicBedrock
        def handler(event, context):
            AnthropicBedrock(api_key="k").messages.create(model="a")
            AnthropicBedrock(aws_access_key="AKIA", aws_secret_key="s").messages.create(model="b")
            AnthropicBedrock(aws_access_key=os.environ["AWS_ACCESS_KEY_ID"]).messages.create(model="c")
    """
    assert [" as " in call for call in python_calls(source)] == [True, True, False]
    source = """
        import AnthropicBedrock from '@anthropic-ai/bedrock-sdk';
        export const handler = async () => {
          await new AnthropicBedrock({ apiKey: process.env.KEY }).messages.create({ model: 'a' });
          await new AnthropicBedrock({ awsRegion: 'us-east-1' }).messages.create({ model: 'b' });
        };
    """
    assert [" as " in call for call in javascript_calls(source)] == [True, False]


def test_a_client_s_region_is_that_of_the_library_s_calls(javascript_calls: Calls) -> None:
    source = """
        import { SQSClient } from '@aws-sdk/client-sqs';
        import { Producer } from 'sqs-producer';
        const producer = Producer.create({ queueUrl: 'u', sqs: new SQSClient({ region: 'eu-west-1' }) });
        export const handler = () => producer.send([]);
    """
    assert javascript_calls(source) == ["sqs.SendMessageBatch QueueUrl=u $region=eu-west-1"]


def test_dependencies_without_a_model_stay_named(python_report: Callable[..., object]) -> None:
    source = """
        from langchain_community.tools import SomeTool
        def handler(event, context):
            return SomeTool().run()
    """
    assert python_report(source).not_analysed == ("langchain_community",)  # type: ignore[attr-defined]
