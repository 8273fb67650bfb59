import http.client
import json
import os
import urllib.parse
import urllib.request

import httpx
import requests
import urllib3

PORT = os.environ.get("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773")
TOKEN = {"X-Aws-Parameters-Secrets-Token": os.environ["AWS_SESSION_TOKEN"]}
pool = urllib3.PoolManager()


def secret(name):
    url = f"http://localhost:{PORT}/secretsmanager/get?secretId={name}"
    request = urllib.request.Request(url, headers=TOKEN)  #? secretsmanager.GetSecretValue SecretId=env:SECRET
    return json.load(urllib.request.urlopen(request))["SecretString"]


def parameter(name):
    query = urllib.parse.urlencode({"name": name, "withDecryption": "true"})
    url = "http://localhost:2773/systemsmanager/parameters/get?" + query
    return requests.get(url, headers=TOKEN, timeout=2).json()  #? ssm.GetParameter Name=/shop/env:STAGE/key WithDecryption=True


def flags():
    url = f"http://localhost:2772/applications/shop/environments/{os.environ['STAGE']}/configurations/flags"
    return pool.request("GET", url)  #? appconfigdata.StartConfigurationSession ApplicationIdentifier=shop EnvironmentIdentifier=env:STAGE ConfigurationProfileIdentifier=flags & appconfigdata.GetLatestConfiguration


def handler(event, context):
    secret(os.environ["SECRET"])
    parameter(f"/shop/{os.environ['STAGE']}/key")
    flags()
    httpx.get("http://localhost:2773/secretsmanager/get", params={"secretId": "api-key"}, headers=TOKEN)  #? secretsmanager.GetSecretValue SecretId=api-key
    connection = http.client.HTTPConnection("localhost", 2773)
    connection.request("GET", "/systemsmanager/parameters/get?name=" + urllib.parse.quote("/shop/plain"), headers=TOKEN)  #? ssm.GetParameter Name=/shop/plain
    requests.get("http://localhost:9001/2018-06-01/runtime", timeout=2)
    requests.get("https://example.com/secretsmanager/get?secretId=x", timeout=2)
    requests.get("https://example.com/applications/a/environments/b/configurations/c", timeout=2)
