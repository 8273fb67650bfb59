"""An observation as JSON, ``scopedown.observe/1`` (docs/json.md)."""

from __future__ import annotations

from typing import Any

from scopedown.observe.forms import Observations
from scopedown.observe.join import Row
from scopedown.observe.observable import Observable
from scopedown.observe.result import Observation

SCHEMA = "scopedown.observe/1"


def render(shown: Observations) -> dict[str, Any]:
    """The object of all projects."""
    used, observable = shown.logs.used, shown.observable
    return {
        "schema": SCHEMA,
        "logs": {
            "files": used.files,
            "records": used.records,
            "accounts": sorted({one.account for one in used.covered if one.account}),
            "regions": [_region(region, observable) for region in observable.regions],
            "unreadable": [{"file": file, "reason": reason} for file, reason in sorted(used.unreadable.items())],
        },
        "projects": [_project(one) for one in shown.projects],
    }


def _region(region: str, observable: Observable) -> dict[str, Any]:
    period = observable.period(region)
    return {
        "region": region,
        "first": period.first if period else None,
        "last": period.last if period else None,
        "days": period.days - period.missing if period else 0,
        "missingDays": period.missing if period else 0,
        "dataEvents": observable.data_events(region),
    }


def _project(one: Observation) -> dict[str, Any]:
    project = one.scan.project
    return {
        "root": project.root,
        "config": project.config,
        "service": project.service,
        "stage": project.stage,
        "account": one.account.id or None,
        "otherAccounts": list(one.account.others),
        "roles": [
            {
                "role": whose.role,
                "principal": whose.principal,
                "functions": list(whose.functions),
                "rows": [_row(row) for row in whose.rows],
            }
            for whose in one.whose
        ],
        "unmapped": [{"source": each.source, "event": each.event, "count": each.count} for each in one.unmapped],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "class": row.kind.name.lower().replace("_", "-"),
        "functions": list(row.functions),
        "action": row.action,
        "resource": row.resource,
        "needed": row.needed,
        "granted": row.granted,
        "count": row.count,
        "denied": row.denied,
        "first": min((use.first for use in row.uses), default=None),
        "last": max((use.last for use in row.uses), default=None),
        "byPattern": row.by_pattern and bool(row.uses),
        "reason": row.reason,
        "place": str(row.place) if row.place else None,
        "uses": [
            {
                "principal": use.principal,
                "session": use.session,
                "resource": use.resource,
                "oneOf": list(use.one_of),
                "event": use.event,
                "via": use.via,
                "evidence": use.evidence.name.lower(),
                "count": use.count,
                "denied": use.denied,
                "deniedBy": use.denied_by,
                "last": use.last,
            }
            for use in row.uses
        ],
    }
