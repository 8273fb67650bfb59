"""The tables of the services' names, which tools/sdk_names.py writes."""

from __future__ import annotations

import runpy
from pathlib import Path

TOOL = Path(__file__).parents[2] / "tools" / "sdk_names.py"
MADE = runpy.run_path(str(TOOL))


def test_go_names_services_by_their_id_and_by_their_older_names() -> None:
    rows = [line.split("\t") for line in MADE["table"]("go").splitlines()]
    assert ["stepfunctions", "sfn", "sfn"] in rows
    assert ["elbv2", "elasticloadbalancingv2", "elasticloadbalancingv2"] in rows
    assert ["elbv2", "", "elbv2"] in rows
