"""What is known of each picture, in DynamoDB's own notation."""

import os

from pipeline.aws import client

TABLE = os.environ.get("CATALOG_TABLE")


def _write(key, names, values):
    assignments = ", ".join(f"#{name} = :{name}" for name in names)
    client("dynamodb").update_item(
        TableName=TABLE,
        Key={"key": {"S": key}},
        UpdateExpression=f"SET {assignments}",
        ExpressionAttributeNames={f"#{name}": name for name in names},
        ExpressionAttributeValues={f":{name}": value for name, value in zip(names, values, strict=True)},
    )


def arrived(key, size):
    client("dynamodb").put_item(TableName=TABLE, Item={"key": {"S": key}, "size": {"N": str(size)}})


def labelled(key, labels):
    _write(key, ["labels"], [{"SS": sorted(labels) or ["none"]}])


def published(key, address):
    _write(key, ["address"], [{"S": address}])


def lookup(keys):
    """For the curator's notebook."""
    return client("dynamodb").batch_get_item(RequestItems={TABLE: {"Keys": [{"key": {"S": k}} for k in keys]}})
