"""What AWS says of one denial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scopedown.iam.document import Kind


@dataclass(frozen=True, slots=True)
class Denial:
    """One denied request, as far as the text says: all that it does not say is empty, or None.

    ``caller`` is an ARN, a service, or ``anonymous``; ``resource`` what AWS prints, which need not be an ARN. ``kind``
    is the kind of policy that denied, ``explicit`` whether a statement denied or none allowed. ``policy`` is the ARN of
    the policy that AWS names, ``statement`` the Sid of its statement. ``operation`` is the API operation
    (``s3.ListObjectsV2``) where AWS does not name the action. ``form`` is where it was read: ``sentence``,
    ``CloudTrail record``, ``CloudFormation event``, ``decoded message``. ``context`` has condition keys of the request.
    """

    caller: str = ""
    action: str = ""
    resource: str = ""
    kind: Kind | None = None
    explicit: bool | None = None
    policy: str = ""
    statement: str = ""
    operation: str = ""
    form: str = "sentence"
    logical_id: str = ""
    """The resource of the stack at which a deployment failed, with ``resource_type``."""
    resource_type: str = ""
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    note: str = ""
    """What AWS says that no policy is about: a message that has to be decoded, a role of another account."""

    @property
    def says_something(self) -> bool:
        """Whether there is anything to explain."""
        return bool(self.action or self.operation or self.note)
