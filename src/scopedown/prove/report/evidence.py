"""A proof as JSON: ``scopedown.prove/1`` (docs/json.md)."""

from __future__ import annotations

from typing import Any

from scopedown.prove.model import ActionUse, Denial, Proof, StatementUse, Step

SCHEMA = "scopedown.prove/1"


def evidence(proof: Proof) -> dict[str, Any]:
    """The whole proof as plain data."""
    return {
        "schema": SCHEMA,
        "proven": proof.proven,
        "functionsProven": proof.proven and proof.functions_proven,
        "failures": list(proof.failures),
        "service": proof.service,
        "stage": proof.stage,
        "region": proof.region,
        "config": proof.config,
        "framework": proof.framework,
        "policies": {"deploy": proof.deploy_policies, "functions": proof.function_policies},
        "identities": dict(proof.identity),
        "checks": {"real": proof.real, "modelled": proof.modelled},
        "allowedFrom": proof.learned,
        "steps": [_step(one) for one in proof.steps],
        "functions": [
            {
                "function": one.function,
                "ran": one.ran,
                "whyNot": one.why_not,
                "ranWith": one.ran_with,
                "code": one.code,
                "notes": list(one.notes),
                "refusedHosts": list(one.refused_hosts),
                "events": [
                    {
                        "event": run.event, "outcome": run.outcome, "errorType": run.error_type, "error": run.error,
                        "seconds": round(run.seconds, 2), "refusedHosts": list(run.refused_hosts), "log": run.log,
                    }
                    for run in one.events
                ],
            }
            for one in proof.functions
        ],
        "statements": [_statement(one) for one in proof.statements],
        "denials": [_denial(one) for one in proof.denials],
        "unforeseen": [
            {
                "function": one.function, "operation": one.operation, "action": one.action, "resource": one.resource,
                "resourceOnly": one.resource_only,
            }
            for one in proof.unforeseen
        ],
        "unmapped": list(proof.unmapped),
        "unknownKeys": list(proof.strange),
        "standIns": list(proof.stand_ins),
        "notes": list(proof.notes),
        "seconds": round(proof.seconds, 1),
    }  # fmt: skip


def _step(one: Step) -> dict[str, Any]:
    return {
        "step": one.label, "command": one.command, "ok": one.ok, "code": one.code, "seconds": round(one.seconds, 2),
        "skipped": one.skipped, "output": "" if one.ok else one.output,
    }  # fmt: skip


def _statement(one: StatementUse) -> dict[str, Any]:
    return {
        "holder": one.holder, "policy": one.policy, "number": one.number, "used": one.used,
        "statement": dict(one.statement), "actions": [_action(action) for action in one.actions],
    }  # fmt: skip


def _action(one: ActionUse) -> dict[str, Any]:
    return {
        "action": one.action, "used": one.used, "needed": one.needed, "real": one.real, "modelled": one.modelled,
        "by": list(one.by), "why": one.why, "rerun": one.rerun,
    }  # fmt: skip


def _denial(one: Denial) -> dict[str, Any]:
    return {
        "holder": one.holder, "during": list(one.during), "operation": one.operation, "action": one.action,
        "resource": one.resource, "message": one.message, "modelled": one.modelled, "logicalId": one.logical_id,
        "times": one.times, "harmless": one.harmless, "grant": one.grant,
    }  # fmt: skip
