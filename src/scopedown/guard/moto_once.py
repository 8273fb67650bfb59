"""What moto works out anew for each request, worked out once: which backend a host means (it lists its folder and tries
the patterns of all services), and which methods a class of answers has. Measured: a quarter of a request's time.
"""

from __future__ import annotations

from functools import lru_cache

import moto.core.responses
from moto.core.utils import method_names_from_class
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app


def accept_policies_without_version() -> None:
    """A policy without a Version is one of 2008-10-17
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html); moto refuses it."""
    from moto.iam.policy_validation import BaseIAMPolicyValidator

    setattr(BaseIAMPolicyValidator, "_validate_version", lambda validator: None)  # noqa: B010 - a method of moto's


def moto_application() -> DomainDispatcherApplication:
    """moto's services as a WSGI application."""
    accept_policies_without_version()
    made = DomainDispatcherApplication(create_backend_app)
    setattr(made, "get_backend_for_host", lru_cache(1024)(made.get_backend_for_host))  # noqa: B010 - a method of moto's
    once = moto.core.responses
    if once.method_names_from_class is method_names_from_class:  # type: ignore[attr-defined]
        setattr(once, "method_names_from_class", lru_cache(1024)(method_names_from_class))  # noqa: B010
    return made
