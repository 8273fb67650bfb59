"""S3 transfers and presigned requests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Calls = Callable[..., list[str]]

READ = ["s3.GetObject Bucket=b Key=k", "s3.HeadObject Bucket=b Key=k"]
WRITE = ["s3.PutObject Bucket=b Key=k"]
COPY = ["s3.CopyObject Bucket=b Key=k CopySource={Bucket:s,Key:t}", "s3.HeadObject Bucket=s Key=t"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("client.upload_file('f', 'b', 'k')", WRITE),
        ("client.upload_file(Filename='f', Bucket='b', Key='k')", WRITE),
        ("client.upload_fileobj(event, 'b', Key='k')", WRITE),
        ("client.download_file('b', 'k', 'f')", READ),
        ("client.download_fileobj(Bucket='b', Key='k', Fileobj=event)", READ),
        ("client.copy({'Bucket': 's', 'Key': 't'}, 'b', 'k')", COPY),
        ("s3.Bucket('b').upload_file('f', 'k')", WRITE),
        ("s3.Bucket('b').upload_fileobj(event, 'k')", WRITE),
        ("s3.Bucket('b').download_file('k', 'f')", READ),
        ("s3.Bucket('b').copy({'Bucket': 's', 'Key': 't'}, 'k')", COPY),
        ("s3.Object('b', 'k').upload_file('f')", WRITE),
        ("s3.Object('b', 'k').download_fileobj(event)", READ),
        ("s3.Object('b', 'k').copy(CopySource={'Bucket': 's', 'Key': 't'})", COPY),
        ("s3.meta.client.upload_file('f', 'b', 'k')", WRITE),
        ("S3Transfer(client).upload_file('f', 'b', 'k')", WRITE),
        ("S3Transfer(client=client).download_file(bucket='b', key='k', filename='f')", READ),
        ("client.generate_presigned_url('get_object', {'Bucket': 'b', 'Key': 'k'})", READ[:1]),
        ("client.generate_presigned_url(ClientMethod='put_object', Params={'Bucket': 'b', 'Key': 'k'})", WRITE),
        ("client.generate_presigned_post('b', 'k', ExpiresIn=1)", WRITE),
        ("client.generate_presigned_post(Bucket='b', Key='k')", WRITE),
        ("client.generate_presigned_url(event['method'])", []),
    ],
)
def test_what_a_transfer_needs(python_calls: Calls, expression: str, expected: list[str]) -> None:
    source = f"""
        import boto3
        from boto3.s3.transfer import S3Transfer
        client, s3 = boto3.client("s3"), boto3.resource("s3")
        def handler(event, context):
            {expression}
    """
    assert python_calls(source) == expected


def test_extra_arguments_are_parameters(python_calls: Calls) -> None:
    source = """
        import boto3
        def handler(event, context):
            extra = {"ACL": "public-read", "SSEKMSKeyId": "key"}
            boto3.client("s3").upload_file("f", "b", "k", ExtraArgs=extra)
    """
    assert python_calls(source) == ["s3.PutObject Bucket=b Key=k ACL=public-read SSEKMSKeyId=key"]


def test_a_copy_reads_as_its_source_client(python_calls: Calls) -> None:
    source = """
        import boto3
        def handler(event, context):
            keys = boto3.client("sts").assume_role(RoleArn="r", RoleSessionName="n")["Credentials"]
            other = boto3.client("s3", aws_access_key_id=keys["AccessKeyId"])
            boto3.client("s3").copy({"Bucket": "s", "Key": "t"}, "b", "k", SourceClient=other)
    """
    assert python_calls(source)[1:] == [COPY[0], COPY[1] + " as r"]


def test_transfers_are_s3s_alone(python_calls: Calls) -> None:
    assert python_calls("import boto3\ndef handler(e, c): boto3.client('ec2').upload_file('f', 'b', 'k')") == []
