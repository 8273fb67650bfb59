import os

import boto3

rds = boto3.client("rds")


def token():
    return rds.generate_db_auth_token(DBHostname=os.environ["HOST"], Port=5432, DBUsername="reader")  #? rds-db.connect DBHostname=env:HOST DBUsername=reader


def handler(event, context):
    import psycopg2

    connection = psycopg2.connect(host=os.environ["HOST"], user="reader", password=token())
    admin = boto3.client("dsql").generate_db_connect_admin_auth_token(os.environ["CLUSTER"], "eu-west-1")  #? dsql.DbConnectAdmin Hostname=env:CLUSTER
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return admin
