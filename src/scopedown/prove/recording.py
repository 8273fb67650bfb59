"""The checks of a proof as a record of the guard, under the names that the project's roles have in an account.

In a proof each function has a role by itself, named after it. In the record its requests are sessions of the role that
the project gives it, named after the function, as Lambda names them; so ``scopedown observe`` reads the record as it
reads the logs of a deployed project.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scopedown.catalog.load import catalog
from scopedown.guard.model import ACCOUNT
from scopedown.guard.record import Record
from scopedown.observe.names import Names
from scopedown.project.model import Project
from scopedown.prove.model import Proof

_OPEN = "x"
"""Stands for the part of a name that CloudFormation makes."""


def write_record(file: Path, proof: Proof, project: Project) -> None:
    """Write the record of a proof. Raises RecordError where the file cannot be written."""
    principals = _principals(proof, project)
    with Record(file) as record:
        for one in proof.record:
            record(replace(one, principal=principals.get(one.principal, one.principal)))


def _principals(proof: Proof, project: Project) -> dict[str, str]:
    """The ARN of each function's role in the proof → the ARN of its session in an account."""
    names, found = Names(project, catalog()), {}
    for function in project.functions:
        arn = proof.identity.get(function.key)
        role = project.roles.get(function.role)
        if arn and role is not None:
            name = names.role(role).rpartition("/")[2].replace("*", _OPEN)
            session = names.session(function).replace("*", _OPEN)
            found[arn] = f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{session}"
    return found
