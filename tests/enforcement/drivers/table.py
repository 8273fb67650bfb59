"""The types that have a driver."""

from __future__ import annotations

from enforcement.drivers.functions import Function, Version
from enforcement.drivers.iam import Role
from enforcement.drivers.logs import LogGroup
from enforcement.drivers.s3 import Bucket, BucketPolicy
from scopedown.guard.cloudformation.driver import Driver

DRIVERS: dict[str, Driver] = {
    "AWS::IAM::Role": Role(),
    "AWS::Lambda::Function": Function(),
    "AWS::Lambda::Version": Version(),
    "AWS::Logs::LogGroup": LogGroup(),
    "AWS::S3::Bucket": Bucket(),
    "AWS::S3::BucketPolicy": BucketPolicy(),
}
