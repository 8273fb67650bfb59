"""Conditions over arguments of which something is not known."""

from __future__ import annotations

import pytest

from scopedown.calls.model import Alternatives, Argument
from scopedown.core.text import Text, Unknown
from scopedown.permissions.paths import applies

OPEN = Text.unknown("an event")
ARGUMENTS: dict[str, Argument] = {
    "Table": Text.of("orders"),
    "Limit": 5,
    "All": False,
    "Query": Text.of(" Select  a from t"),
    "Begun": Text.of("INSERT INTO ", Unknown("a table")),
    "Either": Alternatives((Text.of("drop table t"), Text.of("select 1"))),
    "Perhaps": Alternatives((Text.of("x"), None)),
    "Open": OPEN,
}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("", True),
        ("Table", True),
        ("!Table", False),
        ("All", False),
        ("!All", True),
        ("Missing", False),
        ("!Missing & Table", True),
        ("Missing | Table", True),
        ("Perhaps", True),
        ("+Perhaps", False),
        ("!Perhaps", True),
        ("+!Perhaps", False),
        ("Table=orders", True),
        ("Table=Orders", True),
        ("Limit=5", True),
        ("Open=x", True),
        ("+Open=x", False),
        ("!Open=x", True),
        ("+!Open=x", False),
        ("Missing=x", False),
        ("!Missing=x", True),
        ("Query^=select", True),
        ("+Query^=select a", True),
        ("!Query^=select", False),
        ("Begun^=insert into orders", True),
        ("+Begun^=insert into orders", False),
        ("+Begun^=insert", True),
        ("+Either^=drop", True),
        ("!Either^=drop", True),
        ("+Begun~=into", True),
        ("+Begun~=orders", False),
        ("Begun~=orders", True),
    ],
)
def test_a_condition_holds_where_it_may_and_with_a_plus_where_it_surely_does(condition: str, holds: bool) -> None:
    assert applies(condition, ARGUMENTS) is holds
