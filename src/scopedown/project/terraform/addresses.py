"""Addresses and references as their steps: ``module.api["a.b"].aws_sqs_queue.q[0].arn``.

Reference: https://developer.hashicorp.com/terraform/cli/state/resource-addressing
"""

from __future__ import annotations

import re
from typing import Final

_STEP: Final = re.compile(r'\.?([^.\[\]"]+)((?:\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\])*)')
MAX_LENGTH: Final = 2_000
"""Characters of an address that is read."""


def steps_of(address: str) -> list[tuple[str, str]]:
    """The steps of an address, each with the keys behind it.

    >>> steps_of('module.api["a.b"].aws_sqs_queue.q[0]')
    [('module', ''), ('api', '["a.b"]'), ('aws_sqs_queue', ''), ('q', '[0]')]
    """
    return [(match[1], match[2]) for match in _STEP.finditer(address[:MAX_LENGTH])]


def written(steps: list[tuple[str, str]]) -> str:
    """Steps as an address."""
    return ".".join(name + keys for name, keys in steps)


def plain(address: str) -> str:
    """An address without the keys of instances.

    >>> plain('module.api["a]b"].aws_sqs_queue.q[0]')
    'module.api.aws_sqs_queue.q'
    """
    return ".".join(name for name, _ in steps_of(address))


def split(address: str) -> tuple[str, str]:
    """An address as that of the module (``module.api.``; empty for the root) and the rest.

    >>> split('module.a.module.b["x"].aws_sqs_queue.q')
    ('module.a.module.b["x"].', 'aws_sqs_queue.q')
    """
    steps = steps_of(address)
    at = 0
    while at + 1 < len(steps) and steps[at] == ("module", ""):
        at += 2
    return (f"{written(steps[:at])}." if at else ""), written(steps[at:])


def outer(prefix: str) -> str:
    """The prefix of the module around one: of ``module.a.module.b.`` it is ``module.a.``."""
    steps = steps_of(prefix.rstrip("."))[:-2]
    return f"{written(steps)}." if steps else ""
