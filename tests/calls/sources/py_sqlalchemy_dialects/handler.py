import os

import sqlalchemy as sa
from sqlalchemy.engine import create_engine

from store import Session

plain = create_engine("mysql+pymysql://" + os.environ["HOST"])
given = sa.create_engine(os.environ["DB_URL"])


def handler(event, context):
    with Session() as session:
        return session.scan(event["id"]), plain.execute("select 1"), given.connect()
