"""What may stand under ``custom.scopedown``, and what is said of the rest."""

from __future__ import annotations

from typing import Any

import pytest

from .asking import ForUserError, ask, needs_node

pytestmark = [pytest.mark.oracle, needs_node]


def settings(written: Any, **env: str) -> dict[str, Any]:
    found: dict[str, Any] = ask("settings.js", "settingsOf", written, env)
    return found


@pytest.mark.parametrize("written", [None, {}, {"gate": False}, {"gate": "off", "gateOn": None}])
def test_without_a_word_there_is_no_gate(written: Any) -> None:
    found = settings(written)
    assert (found["gate"], found["gateOn"]) == ("off", "deploy")


def test_everything_that_is_documented_is_taken() -> None:
    written = {
        "command": ["python3", "-m", "scopedown"], "gate": "check", "gateOn": "package", "failOn": "none",
        "baseline": "known.json", "paramFile": "values.yml", "compiled": True,
    }  # fmt: skip
    assert settings(written) == written


def test_the_environment_says_otherwise() -> None:
    assert settings({"gate": "check"}, SCOPEDOWN_GATE="warn")["gate"] == "warn"
    with pytest.raises(ForUserError, match='SCOPEDOWN_GATE is "no": use off, warn, check'):
        settings({}, SCOPEDOWN_GATE="no")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("check", "custom.scopedown is not a map"),
        (["check"], "custom.scopedown is not a map"),
        ({"gates": "check"}, "custom.scopedown.gates is an unknown setting: use one of command, gate, gateOn"),
        ({"constructor": "check"}, "custom.scopedown.constructor is an unknown setting"),
        ({"gate": True}, "custom.scopedown.gate is true: use off, warn, check"),
        ({"failOn": 3}, "custom.scopedown.failOn is 3: use text or a list of words"),
        ({"command": []}, r"custom.scopedown.command is \[\]: use text or a list of words"),
        ({"command": ["python3", 3]}, "custom.scopedown.command is"),
        ({"baseline": ""}, "custom.scopedown.baseline is"),
        ({"compiled": "yes"}, "custom.scopedown.compiled is"),
    ],
)
def test_a_mistake_is_told_with_what_may_stand_there(written: Any, told: str) -> None:
    with pytest.raises(ForUserError, match=told):
        settings(written)
