import json
import os
from urllib.parse import urlparse

import boto3
import botocore.auth
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from requests_aws4auth import AWS4Auth

session = boto3.Session()
credentials = session.get_credentials()
REGION = os.environ["AWS_REGION"]
ENDPOINT = os.environ["BOOKS_API"]
search = AWS4Auth(credentials.access_key, credentials.secret_key, REGION, "es", session_token=credentials.token)


def graph(query, variables):
    request = AWSRequest(
        method="POST", url=os.environ["GRAPH_URL"], data=json.dumps({"query": query, "variables": variables})
    )
    SigV4Auth(credentials, "appsync", REGION).add_auth(request)  #? appsync.GraphQL url=env:GRAPH_URL
    return requests.post(request.url, headers=dict(request.headers), data=request.data).json()


def call_api(method, path):
    request = AWSRequest(method=method, url=f"{ENDPOINT}{path}", headers={"Host": urlparse(ENDPOINT).netloc})
    botocore.auth.SigV4Auth(credentials, "execute-api", REGION).add_auth(request)  #? execute-api.Invoke method=GET url=env:BOOKS_API/books & execute-api.Invoke method=DELETE url=env:BOOKS_API/books/?
    return requests.request(method, request.url, headers=request.headers)


def find(text):
    host = f"https://{os.environ['DOMAIN']}"
    body = {"query": {"match": {"title": text}}}
    return requests.get(f"{host}/books/_search", auth=search, json=body)  #? es.ESHttpGet url=https://env:DOMAIN/books/_search


def store(book):
    with requests.Session() as connection:
        connection.auth = search
        connection.headers.update({"Content-Type": "application/json"})
        connection.put(f"https://{os.environ['DOMAIN']}/books/_doc/{book['id']}", json=book)  #? es.ESHttpPut


def ask_elsewhere():
    assumed = boto3.client("sts").assume_role(RoleArn=os.environ["ROLE"], RoleSessionName="s")["Credentials"]  #? sts.AssumeRole RoleArn=env:ROLE
    auth = AWS4Auth(assumed["AccessKeyId"], assumed["SecretAccessKey"], REGION, "execute-api", session_token=assumed["SessionToken"])
    return requests.get("https://abc123.execute-api.eu-west-1.amazonaws.com/prod/partners", auth=auth)  #? execute-api.Invoke url=https://abc123.execute-api.eu-west-1.amazonaws.com/prod/partners


def handler(event, context):
    requests.get("https://example.com/status", auth=("user", "password"))
    requests.post("https://example.com/hook", json=event)
    graph("query { books { id } }", {})
    call_api("GET", "/books")
    call_api("DELETE", "/books/" + event["id"])
    ask_elsewhere()
    store(event["book"])
    return find(event["text"]).json()
