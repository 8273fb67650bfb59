"""The two frameworks that compile services today, and where they differ.

``osls`` 4.3.1 is the maintained successor of Serverless Framework 3; ``v3`` is serverless 3.40.0 itself. Which one
compiles a service is told by what the project pins: a dependency ``osls`` or ``serverless`` in package.json, else
``frameworkVersion``; where neither tells, it is osls.
"""

from __future__ import annotations

from typing import Final

from scopedown.project.serverless.service import Service

OSLS: Final = "osls"
V3: Final = "v3"

_RUNTIMES: Final = {OSLS: "nodejs24.x", V3: "nodejs14.x"}
"""The runtime of a function where none is set."""

_OWN_RUNTIMES: Final = {OSLS: "nodejs24.x", V3: "nodejs16.x"}

_OF_V3: Final = frozenset({"urls need one permission"})


def default_runtime(service: Service) -> str:
    """The runtime of a function where none is set."""
    return _RUNTIMES[service.framework]


def custom_resources_runtime(service: Service) -> str:
    """The runtime of the framework's own functions, where the provider's is not of Node.js."""
    return _OWN_RUNTIMES[service.framework]


def differs(service: Service, what: str) -> bool:
    """Whether a service is compiled by v3, and v3 does ``what`` (one of the differences named above)."""
    return service.framework == V3 and what in _OF_V3
