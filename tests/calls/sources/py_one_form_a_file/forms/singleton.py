import boto3


class Clients:
    _one = None

    def __init__(self):
        self.s3 = boto3.client("s3")

    @classmethod
    def get(cls):
        if cls._one is None:
            cls._one = cls()
        return cls._one


def run(event):
    Clients.get().s3.list_objects_v2(Bucket="singleton")  #? s3.ListObjectsV2 Bucket=singleton
