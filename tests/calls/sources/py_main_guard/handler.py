import boto3

iam = boto3.client("iam")


def handler(event, context):
    return {"ok": True}


if __name__ == "__main__":
    iam.create_user(UserName="nobody")
