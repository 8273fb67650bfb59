import boto3

TABLE = "first"
PARAMETER = "/app/" + "p"
ssm = boto3.client("ssm")
