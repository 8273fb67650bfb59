"""Documents in DynamoDB and their content in S3."""

import boto3
from boto3.dynamodb.conditions import Attr, Key

from .config import SETTINGS


class DocumentRepository:
    """One table, one bucket. Every handler uses its own part of this."""

    def __init__(self, table=None, client=None):
        self.table = table or boto3.resource("dynamodb").Table(SETTINGS.table_name)
        self.s3 = client or boto3.client("s3")

    def add(self, document):
        self.table.put_item(Item=document)

    def find(self, document_id):
        response = self.table.get_item(Key={"pk": document_id}, ConsistentRead=True)
        return response.get("Item")

    def in_category(self, category):
        arguments = {
            "IndexName": "category-index",
            "KeyConditionExpression": Key("category").eq(category),
        }
        while True:
            page = self.table.query(**arguments)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def add_all(self, documents):
        with self.table.batch_writer() as batch:
            for document in documents:
                batch.put_item(Item=document)

    def older_than(self, day):
        return self.table.scan(FilterExpression=Attr("uploadedAt").lt(day))["Items"]

    def remove(self, document):
        self.table.delete_item(Key={"pk": document["pk"]})
        self.s3.delete_object(Bucket=SETTINGS.bucket_name, Key=f"content/{document['pk']}")

    def rename(self, document_id, title):
        """Not offered by the API yet: nothing calls this."""
        self.table.update_item(
            Key={"pk": document_id},
            UpdateExpression="SET title = :title",
            ExpressionAttributeValues={":title": title},
        )

    def upload_form(self, document_id):
        return self.s3.generate_presigned_post(
            Bucket=SETTINGS.bucket_name,
            Key="content/" + document_id,
            ExpiresIn=SETTINGS.link_lifetime,
        )

    def download_link(self, document_id):
        return self.s3.generate_presigned_url(
            "get_object",
            Params={"Bucket": SETTINGS.bucket_name, "Key": f"content/{document_id}"},
            ExpiresIn=SETTINGS.link_lifetime,
        )
