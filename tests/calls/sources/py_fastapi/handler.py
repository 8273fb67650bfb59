import os
from typing import Annotated

import boto3
from fastapi import APIRouter, Depends, FastAPI
from mangum import Mangum


class Shelf:
    def __init__(self, table):
        self.table = table

    def find(self, key):
        return self.table.get_item(Key={"id": key})  #? dynamodb.GetItem TableName=env:SHELF

    def empty(self):
        return self.table.scan()


class Clerk:
    def __init__(self):
        self.client = boto3.client("sns")

    def call(self):
        self.client.publish(TopicArn=os.environ["BELL"], Message="m")  #? sns.Publish TopicArn=env:BELL

    def dismiss(self):
        self.client.list_topics()


def resource():
    yield boto3.resource("dynamodb")


def shelf(source=Depends(resource)):
    return Shelf(source.Table(os.environ["SHELF"]))


def signed_in():
    boto3.client("cognito-idp").get_user(AccessToken="t")  #? cognito-idp.GetUser


def never():
    boto3.client("sqs").list_queues()


OneClerk = Annotated[Clerk, Depends()]
AShelf = Annotated[Shelf, Depends(shelf)]

router = APIRouter(dependencies=[Depends(signed_in)])


@router.get("/books/{key}")
async def show(key: str, books=Depends(shelf)):
    return books.find(key)


@router.post("/books/{key}/call")
async def call(key: str, clerk: OneClerk, books: AShelf):
    clerk.call()
    return books.find(key)


@router.put("/books")
async def put(name: Annotated[str, "a name"], clerk: Annotated[Clerk, Depends(Clerk)]):
    clerk.call()


app = FastAPI()
app.include_router(router)
handler = Mangum(app)
