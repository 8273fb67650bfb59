from .services import Repository


class DynamoRepository(Repository):
    def __init__(self, table):
        self.table = table

    def save(self, item):
        self.table.put_item(Item=item)  #? dynamodb.PutItem TableName=orders

    def remove(self, item):
        self.table.delete_item(Key=item)


class S3Repository(Repository):
    def __init__(self, client, bucket):
        self.client, self.bucket = client, bucket

    def save(self, item):
        self.client.put_object(Bucket=self.bucket, Key=str(item["id"]))  #? s3.PutObject Bucket=invoices Key=?
