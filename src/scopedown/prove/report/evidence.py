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
        "steps": [_step(step) for step in proof.steps],
        "functions": [
            {
                "function": function.function,
                "ran": function.ran,
                "whyNot": function.why_not,
                "ranWith": function.ran_with,
                "code": function.code,
                "notes": list(function.notes),
                "refusedHosts": list(function.refused_hosts),
                "events": [
                    {
                        "event": run.event,
                        "outcome": run.outcome,
                        "errorType": run.error_type,
                        "error": run.error,
                        "seconds": round(run.seconds, 2),
                        "refusedHosts": list(run.refused_hosts),
                        "log": run.log,
                    }
                    for run in function.events
                ],
            }
            for function in proof.functions
        ],
        "statements": [_statement(statement) for statement in proof.statements],
        "denials": [_denial(denial) for denial in proof.denials],
        "unforeseen": [
            {
                "function": unforeseen.function,
                "operation": unforeseen.operation,
                "action": unforeseen.action,
                "resource": unforeseen.resource,
                "resourceOnly": unforeseen.resource_only,
            }
            for unforeseen in proof.unforeseen
        ],
        "unmapped": list(proof.unmapped),
        "unknownKeys": list(proof.strange),
        "standIns": list(proof.stand_ins),
        "presupposed": list(proof.presupposed),
        "notes": list(proof.notes),
        "seconds": round(proof.seconds, 1),
    }


def _step(one: Step) -> dict[str, Any]:
    return {
        "step": one.label, "command": one.command, "ok": one.ok, "code": one.code, "seconds": round(one.seconds, 2),
        "skipped": one.skipped, "output": "" if one.ok else one.output, "error": one.error, "place": one.place,
        "remedy": one.remedy,
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
