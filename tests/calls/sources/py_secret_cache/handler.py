import botocore.session
import boto3
from aws_secretsmanager_caching import InjectKeywordedSecretString, InjectSecretString, SecretCache, SecretCacheConfig

client = botocore.session.get_session().create_client("secretsmanager")
cache = SecretCache(config=SecretCacheConfig(), client=client)


@InjectSecretString("database", cache)  #? secretsmanager.DescribeSecret SecretId=database & secretsmanager.GetSecretValue SecretId=database
def connect(password, bucket):
    boto3.client("s3").get_object(Bucket=bucket, Key="pins")  #? s3.GetObject Bucket=certificates


@InjectKeywordedSecretString(secret_id="unused", cache=cache, user="username")
def unused(user):
    pass


@InjectKeywordedSecretString(secret_id="api", cache=cache, user="username")  #? secretsmanager.DescribeSecret SecretId=api & secretsmanager.GetSecretValue SecretId=api
def handler(event, context, user=None):
    connect("certificates")
    return cache.get_secret_string("plain")  #? secretsmanager.DescribeSecret SecretId=plain & secretsmanager.GetSecretValue SecretId=plain
