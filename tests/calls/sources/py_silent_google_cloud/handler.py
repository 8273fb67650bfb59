from google.cloud import bigquery, firestore, pubsub_v1, storage

import boto3

bucket = storage.Client().bucket("b")
publisher = pubsub_v1.PublisherClient()
tables = bigquery.Client()
documents = firestore.Client()


def handler(event, context):
    blob = bucket.blob("k")
    blob.upload_from_string("x")
    bucket.copy_blob(blob, bucket, "k2")
    bucket.delete_objects(Delete={"Objects": [{"Key": "k"}]})
    publisher.publish("projects/p/topics/t", b"x")
    tables.query("SELECT 1").result()
    tables.get_table("d.t")
    documents.collection("c").document("d").update({"a": 1})
    storage.Client().get_bucket("b").delete_blob("k")
    return boto3.__version__
