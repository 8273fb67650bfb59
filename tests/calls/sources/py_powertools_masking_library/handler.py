import os

from aws_lambda_powertools.utilities.data_masking import DataMasking
from aws_lambda_powertools.utilities.data_masking.provider.kms.aws_encryption_sdk import AWSEncryptionSDKProvider
from aws_lambda_powertools.utilities.streaming.s3_object import S3Object
from aws_lambda_powertools.utilities.streaming.transformations import GzipTransform

masking = DataMasking(provider=AWSEncryptionSDKProvider(keys=[os.environ["KEY_ARN"]]))
erasing = DataMasking()


def handler(event, context):
    secret = masking.encrypt(event)  #? kms.GenerateDataKey KeyId=env:KEY_ARN & kms.Encrypt KeyId=env:KEY_ARN
    masking.decrypt(secret)  #? kms.Decrypt KeyId=env:KEY_ARN
    erasing.erase(event, fields=["name"])
    stream = S3Object(bucket=os.environ["BUCKET"], key="a.gz")
    stream.transform(GzipTransform(), in_place=True)  #? s3.GetObject Bucket=env:BUCKET Key=a.gz & s3.HeadObject Bucket=env:BUCKET Key=a.gz
    for line in stream:  #? s3.GetObject Bucket=env:BUCKET Key=a.gz
        print(line)
