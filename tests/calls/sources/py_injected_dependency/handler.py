import os

import boto3
from webframe import App, Depends, LambdaAdapter

app = App()


class Orders:
    def __init__(self):
        self.table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

    def find(self, key):
        return self.table.get_item(Key={"id": key})  #? dynamodb.GetItem TableName=env:TABLE


def orders():
    return Orders()


@app.get("/orders/{key}")
async def show(key: str, store: Orders = Depends(orders)):
    return store.find(key)


handler = LambdaAdapter(app)
