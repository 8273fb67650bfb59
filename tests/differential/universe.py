"""The small world that the random requests live in.

It is small on purpose: two accounts, a handful of principals and resources, few context keys with few values. A
random policy made from the same words matches a random request often enough for every branch to be taken.
"""

HOME = "111122223333"
AWAY = "444455556666"
THIRD = "777788889999"

# resource: (account that owns it, actions on it)
RESOURCES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "arn:aws:s3:::b": ((HOME, AWAY), ("s3:ListBucket", "s3:PutBucketPolicy")),
    "arn:aws:s3:::b/k": ((HOME, AWAY), ("s3:GetObject", "s3:PutObject")),
    "arn:aws:s3:::b/alice/x": ((HOME, AWAY), ("s3:GetObject", "s3:PutObject")),
    "arn:aws:s3:::b/a*c?d": ((HOME,), ("s3:GetObject",)),
    "arn:aws:s3:::b/a.c:d:e": ((HOME,), ("s3:GetObject",)),
    f"arn:aws:sqs:us-east-1:{HOME}:q": ((HOME,), ("sqs:SendMessage", "sqs:ReceiveMessage")),
    f"arn:aws:sqs:eu-west-1:{AWAY}:q2": ((AWAY,), ("sqs:SendMessage", "sqs:ReceiveMessage")),
    f"arn:aws:lambda:us-east-1:{HOME}:function:f": ((HOME,), ("lambda:InvokeFunction", "lambda:GetFunction")),
    f"arn:aws:lambda:us-east-1:{HOME}:function:f:prod": ((HOME,), ("lambda:InvokeFunction",)),
    f"arn:aws:kms:us-east-1:{HOME}:key/k1": ((HOME,), ("kms:Decrypt", "kms:Encrypt", "kms:RetireGrant")),
    f"arn:aws:kms:us-east-1:{AWAY}:key/k2": ((AWAY,), ("kms:Decrypt",)),
    f"arn:aws:kms:us-east-1:{HOME}:alias/a1": ((HOME,), ("kms:UpdateAlias", "sts:TagSession")),
    f"arn:aws:sts::{HOME}:federated-user/carol": ((HOME,), ("sts:GetFederationToken", "kms:Decrypt")),
    f"arn:aws:iam::{HOME}:role/target": ((HOME,), ("sts:AssumeRole", "sts:TagSession", "iam:PassRole", "iam:GetRole")),
    f"arn:aws:iam::{AWAY}:role/target": ((AWAY,), ("sts:AssumeRole", "iam:GetRole")),
    f"arn:aws:iam::{HOME}:user/bob": ((HOME,), ("iam:TagUser", "iam:GetUser")),
    "arn:aws:ec2:us-east-1::image/ami-1": ((HOME,), ("ec2:RunInstances",)),
    f"arn:aws:ec2:us-east-1:{HOME}:instance/i-1": ((HOME,), ("ec2:RunInstances", "ec2:CreateTags")),
    "*": ((HOME,), ("s3:ListAllMyBuckets", "ec2:DescribeInstances", "sts:GetCallerIdentity", "kms:ListKeys")),
}

PRINCIPALS: tuple[str, ...] = (
    f"arn:aws:iam::{HOME}:user/alice",
    f"arn:aws:iam::{HOME}:user/team/bob",
    f"arn:aws:iam::{AWAY}:user/x",
    f"arn:aws:sts::{HOME}:assumed-role/app/s1",
    f"arn:aws:sts::{HOME}:assumed-role/app/s2",
    f"arn:aws:sts::{AWAY}:assumed-role/other/s1",
    f"arn:aws:sts::{HOME}:assumed-role/AWSServiceRoleForAcme/s1",
    f"arn:aws:iam::{HOME}:role/aws-service-role/acme.amazonaws.com/AWSServiceRoleForAcme",
    f"arn:aws:iam::{HOME}:role/app",
    f"arn:aws:sts::{HOME}:federated-user/alice",
    f"arn:aws:sts::{AWAY}:federated-user/x",
    f"arn:aws:iam::{HOME}:root",
    f"arn:aws:iam::{AWAY}:root",
    "lambda.amazonaws.com",
    "s3.amazonaws.com",
    "anonymous",
)
PROVIDERS: tuple[str, ...] = (f"arn:aws:iam::{HOME}:saml-provider/corp", "accounts.google.com")
TRUSTED_BY_PROVIDER = ("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")

# What a Principal element may say of them, beside "*".
NAMED_PRINCIPALS: tuple[tuple[str, str], ...] = (
    ("AWS", "*"),
    ("AWS", HOME),
    ("AWS", AWAY),
    ("AWS", THIRD),
    ("AWS", f"arn:aws:iam::{HOME}:root"),
    ("AWS", f"arn:aws:iam::{AWAY}:root"),
    ("AWS", f"arn:aws:iam::{HOME}:user/alice"),
    ("AWS", f"arn:aws:iam::{HOME}:user/Alice"),
    ("AWS", f"arn:aws:iam::{HOME}:user/team/bob"),
    ("AWS", f"arn:aws:iam::{AWAY}:user/x"),
    ("AWS", f"arn:aws:iam::{HOME}:role/app"),
    ("AWS", f"arn:aws:iam::{AWAY}:role/other"),
    ("AWS", f"arn:aws:sts::{HOME}:assumed-role/app/s1"),
    ("AWS", f"arn:aws:sts::{AWAY}:assumed-role/other/s1"),
    ("AWS", f"arn:aws:sts::{HOME}:federated-user/alice"),
    ("AWS", f"arn:aws:sts::{AWAY}:federated-user/x"),
    ("Service", "lambda.amazonaws.com"),
    ("Service", "s3.amazonaws.com"),
    ("Federated", "accounts.google.com"),
    ("Federated", f"arn:aws:iam::{HOME}:saml-provider/corp"),
    ("AWS", f"arn:aws:iam::{HOME}:role/service/app"),
)

# Values that are not of their key's type, or hardly; only requests carry them, for a policy may not.
ODD: dict[str, tuple[str, ...]] = {
    "String": ("", "*", "?", "${aws:username}", "A", "é", "a\nb", " a"),
    "Arn": ("", "arn:aws:s3", "not-an-arn", "arn:aws:iam::*:user/*", "ARN:aws:iam::111122223333:user/alice", "*"),
    "Numeric": ("", "ten", "0x10", "1,5", "-0", "010", "99999999999999999999999999.5", "10.000000000000000000001"),
    "Date": ("", "yesterday", "2020-13-01", "2020-02-30T00:00:00Z", "2020-01-01T00:00Z", "2020", "2020-01", "0"),
    "Bool": ("", "yes", "1", "null", "TRUE "),
    "IpAddress": ("", "localhost", "203.0.113", "203.0.113.7/32", "::", "::ffff:203.0.113.7", "256.1.1.1"),
    "Binary": ("", "%%%", "QUJ", "QUJD\n"),
}

# key: (type, values that a request may carry for it). A tuple inside is a multivalued key's set.
TEXTS = ("alice", "a", "b", "aBc", "abc", "a*c", "x", "alice/x", "red")
ARNS = (
    f"arn:aws:iam::{HOME}:user/alice",
    f"arn:aws:iam::{HOME}:role/app",
    f"arn:aws:iam::{HOME}:role/service/app",
    f"arn:aws:iam::{HOME}:role/aws-service-role/acme.amazonaws.com/AWSServiceRoleForAcme",
    f"arn:aws:sns:us-east-1:{HOME}:topic",
    f"arn:aws:lambda:us-east-1:{HOME}:function:f:9",
    f"arn:aws:someservice:us-east-2:{AWAY}:store/abc:{HOME}:finance/document.txt",
)
NUMBERS = ("0", "9.99", "10", "10.0", "10.50", "11", "-3")
DATES = (
    "2019-12-31T23:59:59Z",
    "2020-01-01",
    "2020-01-01T00:00:00Z",
    "2020-01-01T02:00:00+02:00",
    "2020-01-01T00:00:00.5Z",
    "2019-12-31T19:00:00-05:00",
    "2020-01-01T00:30Z",
    "2020-01-01T06:00:00+05:30",
    "2020-01-01T00:00:30Z",
    "1577836800",
    "1577836799",
)
ADDRESSES = ("203.0.113.7", "203.0.113.255", "10.1.2.3", "192.168.1.1", "200.1.1.1", "2001:db8::5", "2001:DB8:1::1")
NETWORKS = (
    "203.0.113.0/24",
    "203.0.113.7",
    "203.0.113.9/24",
    "10.0.0.0/8",
    "128.0.0.0/1",
    "0.0.0.0/0",
    "2001:db8::/32",
    "2001:db8::5",
    "2001:0DB8:0:0:0:0:0:5/128",
    "::/0",
)
BYTES = ("QUJD", "QUJE", "AAEC", "/w==")

KEYS: dict[str, tuple[str, tuple[str, ...]]] = {
    "aws:username": ("String", ("alice", "bob", "x")),
    "aws:PrincipalTag/team": ("String", TEXTS),
    "aws:ResourceTag/team": ("String", TEXTS),
    "s3:prefix": ("String", TEXTS),
    "aws:PrincipalOrgID": ("String", ("o-mine", "o-other")),
    "aws:PrincipalArn": ("Arn", ARNS),
    "aws:SourceArn": ("Arn", ARNS),
    "s3:max-keys": ("Numeric", NUMBERS),
    "aws:MultiFactorAuthAge": ("Numeric", NUMBERS),
    "aws:CurrentTime": ("Date", DATES),
    "aws:EpochTime": ("Date", DATES),
    "aws:SecureTransport": ("Bool", ("true", "false", "True", "FALSE")),
    "aws:SourceIp": ("IpAddress", ADDRESSES),
    "acme:Digest": ("Binary", BYTES),
}
SETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "aws:TagKeys": ("String", ("a", "b", "key1:hr", "key1:audit", "Red")),
    "acme:Topics": ("Arn", ARNS),
    "acme:Sizes": ("Numeric", NUMBERS),
    "acme:Hosts": ("IpAddress", ADDRESSES),
}

OPERATORS: dict[str, tuple[str, ...]] = {
    "String": (
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringNotLike",
    ),
    "Numeric": (
        "NumericEquals",
        "NumericNotEquals",
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
    ),
    "Date": (
        "DateEquals",
        "DateNotEquals",
        "DateLessThan",
        "DateLessThanEquals",
        "DateGreaterThan",
        "DateGreaterThanEquals",
    ),
    "Bool": ("Bool",),
    "Binary": ("BinaryEquals",),
    "IpAddress": ("IpAddress", "NotIpAddress"),
    "Arn": ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike", "StringEquals"),
}
