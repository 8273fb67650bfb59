import boto3
import psycopg2
import snowflake.connector

connection = psycopg2.connect("dbname=shop")


class Database:
    def execute_statement(self, **arguments):
        with connection.cursor() as cursor:
            cursor.execute(arguments["sql"])
            cursor.copy_from("/tmp/x", "t")
            return cursor.fetchall()

    def begin_transaction(self, **arguments):
        return connection


def handler(event, context):
    database = Database()
    database.begin_transaction(resourceArn="r", secretArn="s")
    database.execute_statement(resourceArn="r", secretArn="s", sql="SELECT 1")
    warehouse = snowflake.connector.connect(user="u")
    warehouse.cursor().execute("DELETE FROM t")
    warehouse.execute_string("SELECT 1")
    return warehouse.cancel_query("q"), boto3.__version__
