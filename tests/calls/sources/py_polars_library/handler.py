import polars as pl


def handler(event, context):
    frame = pl.scan_parquet("s3://lake/sales/*.parquet").filter(pl.col("a") > 1).collect()  #? s3.GetObject Bucket=lake Key=sales/? & s3.HeadObject Bucket=lake & s3.ListObjectsV2 Bucket=lake
    frame.write_csv("s3://out/sales.csv")  #? s3.PutObject Bucket=out Key=sales.csv
    return pl.read_csv("/tmp/in.csv").write_parquet("/tmp/out.parquet")
