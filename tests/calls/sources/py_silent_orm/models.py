from sqlalchemy.orm import DeclarativeBase


class User(DeclarativeBase):
    __tablename__ = "users"
    id: int
