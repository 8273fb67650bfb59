from azure.cosmos import CosmosClient
from azure.servicebus import ServiceBusClient, ServiceBusMessage
from azure.storage.blob import BlobServiceClient

import boto3

database = CosmosClient("u", "k").get_database_client("d")
container = database.get_container_client("c")
blobs = BlobServiceClient.from_connection_string("x")


def handler(event, context):
    container.query_items("SELECT * FROM c")
    container.delete_item("id", "key")
    container.put_item(TableName="c", Item={})
    container.scan()
    blobs.get_blob_client("b", "k").upload_blob(b"x")
    blobs.list_buckets()
    with ServiceBusClient.from_connection_string("x") as bus:
        bus.get_queue_sender("q").send_messages(ServiceBusMessage("x"))
        bus.send_message(QueueUrl="q", MessageBody="x")
