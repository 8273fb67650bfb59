"""Other databases speak the same protocol."""

import sqlite3

import psycopg


def handler(event, context):
    sqlite3.connect("/tmp/x").cursor().execute("select 1")
    with psycopg.connect("host=x") as connection, connection.cursor() as cursor:
        return cursor.execute("select 1").fetchall()
