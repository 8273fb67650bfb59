import os

from pyathena import connect

connection = connect(s3_staging_dir="s3://results/q/", region_name="eu-west-1", work_group=os.environ["GROUP"], schema_name="shop")


def handler(event, context):
    cursor = connection.cursor()
    cursor.execute("select 1")  #? athena.StartQueryExecution WorkGroup=env:GROUP & athena.GetQueryExecution & athena.GetQueryResults & glue.GetTable DatabaseName=shop & s3.PutObject Bucket=results Key=q/? & s3.GetObject Bucket=results Key=q/? & s3.GetBucketLocation Bucket=results & s3.ListObjectsV2 Bucket=results
    return cursor.fetchall()
