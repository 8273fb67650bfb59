"""Settings, read once from the environment."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    table_name: str
    bucket_name: str
    link_lifetime: int


SETTINGS = Settings(
    table_name=os.environ["DOCUMENTS_TABLE"],
    bucket_name=os.environ["UPLOADS_BUCKET"],
    link_lifetime=int(os.getenv("LINK_LIFETIME", "600")),
)
