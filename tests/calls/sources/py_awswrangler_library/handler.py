import os

import awswrangler as wr
from awswrangler.s3 import does_object_exist

BUCKET = os.environ["BUCKET"]


def handler(event, context):
    frame = wr.s3.read_parquet(path=f"s3://{BUCKET}/in/")  #? s3.ListObjectsV2 Bucket=env:BUCKET & s3.GetObject Bucket=env:BUCKET Key=in/? & s3.HeadObject Bucket=env:BUCKET
    frame = frame[frame["price"] > 1].rename(columns={"a": "b"})
    wr.s3.to_parquet(frame, f"s3://{BUCKET}/out/one.parquet")  #? s3.PutObject Bucket=env:BUCKET Key=out/one.parquet
    wr.s3.to_csv(frame, path="s3://lake/t", dataset=True, database="db", table="t", mode="overwrite")  #? s3.PutObject Bucket=lake Key=t? & s3.ListObjectsV2 Bucket=lake & s3.DeleteObjects Bucket=lake & glue.GetTable DatabaseName=db Name=t & glue.CreateTable DatabaseName=db & glue.UpdateTable DatabaseName=db & glue.DeleteTable DatabaseName=db Name=t & glue.GetPartitions DatabaseName=db TableName=t & glue.BatchDeletePartition DatabaseName=db TableName=t
    does_object_exist("s3://lake/marker")  #? s3.HeadObject Bucket=lake Key=marker
    wr.s3.delete_objects("s3://lake/old/*.csv")  #? s3.ListObjectsV2 Bucket=lake & s3.DeleteObjects Bucket=lake
    wr.athena.read_sql_query("select 1", database="db", ctas_approach=False, workgroup="team")  #? athena.StartQueryExecution WorkGroup=team & athena.GetWorkGroup WorkGroup=team & athena.GetQueryExecution & glue.GetTable DatabaseName=db
    wr.dynamodb.put_df(frame, table_name=os.environ["TABLE"])  #? dynamodb.BatchWriteItem & dynamodb.DescribeTable TableName=env:TABLE
    wr.catalog.table(database="db", table="t")  #? glue.GetTable DatabaseName=db Name=t
    return wr.secretsmanager.get_secret("key")  #? secretsmanager.GetSecretValue SecretId=key
