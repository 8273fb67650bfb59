import boto3
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from models import User

engine = create_engine("sqlite://")


def handler(event, context):
    with Session(engine) as session:
        session.query(User).filter(User.id == 1).delete()
        session.scan(User)
        session.execute(text("SELECT 1"))
        session.execute_statement(Statement="SELECT * FROM users")
        session.delete(User(id=1))
        found = session.get(User, 1)
        session.batch_write_item(RequestItems={"users": []})
    User.query.get(1)
    User.delete_item(Key={"id": 1})
    return found and select(User) and boto3.NullHandler
