"""The AWS Encryption SDK: which KMS operations wrapping a data key takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Calls = Callable[..., list[str]]

PYTHON = """
import os, aws_encryption_sdk
from aws_encryption_sdk import CommitmentPolicy, EncryptionSDKClient, StrictAwsKmsMasterKeyProvider
client = EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
provider = StrictAwsKmsMasterKeyProvider(key_ids=[os.environ["KEY"], "second"])
def handler(event, context):
    {line}
"""
ENCRYPTED = ["kms.GenerateDataKey KeyId=${env:KEY}", "kms.Encrypt KeyId=second"]
DECRYPTED = ["kms.Decrypt KeyId=${env:KEY}|second"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("text, header = client.encrypt(source=b'x', key_provider=provider)", ENCRYPTED),
        ("text, header = client.decrypt(source=b'x', key_provider=provider)", DECRYPTED),
        ("client.stream(mode='d', source=b'x', key_provider=provider)", DECRYPTED),
        ("aws_encryption_sdk.encrypt(source=b'x', key_provider=provider)", ENCRYPTED),
        ("client.encrypt(source=b'x', key_provider=event)", []),
    ],
)
def test_in_python(python_calls: Calls, line: str, expected: list[str]) -> None:
    assert sorted(python_calls(PYTHON.format(line=line))) == sorted(expected)


JAVASCRIPT = """
const {{ buildClient, CommitmentPolicy, KmsKeyringNode }} = require('@aws-crypto/client-node');
const {{ encrypt, decrypt }} = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT);
const keyring = new KmsKeyringNode({{ generatorKeyId: process.env.KEY, keyIds: ['second'] }});
exports.handler = async (event) => {{ {line} }};
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("await encrypt(keyring, 'x')", ENCRYPTED),
        ("const { plaintext } = await decrypt(keyring, event.body)", DECRYPTED),
        ("await encrypt(event.keyring, 'x')", []),
    ],
)
def test_in_javascript(javascript_calls: Calls, line: str, expected: list[str]) -> None:
    assert sorted(javascript_calls(JAVASCRIPT.format(line=line))) == sorted(expected)
