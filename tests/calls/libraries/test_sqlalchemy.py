"""The dialect of an engine whose URL settings give is one of those that the project asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

APP = """import os
from sqlalchemy import create_engine

engine = create_engine({url})


def handler(event, context):
    return engine.execute("select 1")
"""


@pytest.mark.parametrize(
    ("url", "requirements", "may_call"),
    [
        ('os.environ["URL"]', "sqlalchemy\npymysql\n", []),
        ('os.environ["URL"]', "sqlalchemy-aurora-data-api==0.5\n", ["rds-data:*"]),
        ('f"mysql+{os.environ["D"]}://"', "PyAthena[SQLAlchemy]\n", ["athena:*"]),
        ('"sqlite:///" + os.environ["D"]', "sqlalchemy-aurora-data-api\n", []),
        ('"awsathena+rest://@athena.eu-west-1.amazonaws.com:443/db"', "", ["athena:*"]),
    ],
)
def test_what_an_engine_may_call(tmp_path: Path, url: str, requirements: str, may_call: list[str]) -> None:
    (tmp_path / "app.py").write_text(APP.format(url=url), encoding="utf-8")
    (tmp_path / "requirements.txt").write_text(requirements, encoding="utf-8")
    report = find_calls(Sources(str(tmp_path)), catalog(), {}, "app.py", "handler")
    assert report.calls == ()
    assert [one.may_call[0] for one in report.unseen] == may_call
