import boto3

from app.container import Container
from app.services import OrderService
from app.repositories import DynamoRepository, S3Repository

service = OrderService(DynamoRepository(boto3.resource("dynamodb").Table("orders")), S3Repository(client=boto3.client("s3"), bucket="invoices"))


def handler(event, context):
    service.place(event)
    Container().mailer().send("a@example.com")
