import boto3
from elasticsearch import Elasticsearch, helpers
from opensearchpy import OpenSearch

es = Elasticsearch("https://search.example.com")
other = OpenSearch("https://search.example.com")


def handler(event, context):
    es.index(index="i", document={})
    es.search(index="i", query={})
    es.delete(index="i", id="1")
    es.get(index="i", id="1")
    es.indices.create(index="i")
    es.scan(index="i")
    helpers.bulk(es, [])
    other.bulk([])
    other.update_item(Key="1")
    other.put_item(TableName="t", Item={})
    return es.sql.query(query="SELECT 1"), boto3.__version__
