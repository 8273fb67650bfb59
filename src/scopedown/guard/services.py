"""The services that answer in front of moto, as whoever starts a gate hands them to it."""

from __future__ import annotations

from collections.abc import Mapping

from scopedown.guard.authority import Answer, Authority
from scopedown.guard.cloudformation.provision import driver_of
from scopedown.guard.cloudformation.stacks import CloudFormation


def cloudformation(authority: Authority) -> Mapping[str, Answer]:
    """CloudFormation with a driver for every type."""
    return CloudFormation(authority, driver_of).answers()
