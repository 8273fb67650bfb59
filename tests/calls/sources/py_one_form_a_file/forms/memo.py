import boto3

_clients = {}


def client(service):
    if service not in _clients:
        _clients[service] = boto3.client(service)
    return _clients[service]


def run(event):
    client("s3").head_object(Bucket="memo", Key="k")  #? s3.HeadObject Bucket=memo
