"""The roles that functions run as, each with its own policy alone while they do.

In: a deployed stack and a scan. Out: credentials for each function, from an assumed role whose policies are those that
the scan generated (or those that the project declares). A role that several functions share is copied, one for each:
each function is held to its own policy. Afterwards the roles are as CloudFormation made them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Self

from scopedown.guard.model import ACCOUNT
from scopedown.guard.responses import RefusedError
from scopedown.iam import Caller
from scopedown.project.model import Function
from scopedown.prove.deployed import Deployed
from scopedown.prove.endpoint import Credentials
from scopedown.prove.local_aws import Documents, Holder, LocalAws
from scopedown.scan import ProjectScan

GENERATED = "generated"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


class FunctionRoles:
    """Used as a context manager; :meth:`credentials` are then those of one function. ``only`` is the key of the one
    function that there are to be roles for."""

    def __init__(
        self, aws: LocalAws, scan: ProjectScan, deployed: Deployed, declared: bool, only: str | None = None
    ) -> None:
        self.holders: list[Holder] = []
        self.notes: list[str] = []
        self._aws, self._deployed, self._declared, self._only = aws, deployed, declared, only
        self._iam = aws.admin("iam", scan.project.region)
        self._scans = {function.function.key: function for function in scan.functions}
        self._restored: dict[str, tuple[Documents, tuple[str, ...]]] = {}
        self._copies: list[str] = []
        self._of: dict[str, str] = {}

    def __enter__(self) -> Self:
        shared: dict[str, int] = {}
        for one in self._scans.values():
            shared[one.function.role] = shared.get(one.function.role, 0) + 1
        for key, one in self._scans.items():
            if self._only not in (None, key):
                continue
            role = self._role(one.function, shared[one.function.role] > 1)
            documents = self._documents(role) if self._declared else {GENERATED: self._deployed.document(one.policy)}
            if not self._declared:
                self._put(role, documents)
            self._of[key] = role
            path = self._iam.get_role(RoleName=role)["Role"]["Path"].strip("/")
            name = f"{path}/{role}" if path else role
            self.holders.append(Holder(key, Caller.role_session(ACCOUNT, name, session_of(key)), documents))
        return self

    def __exit__(self, *raised: object) -> None:
        for role, (documents, managed) in self._restored.items():
            self._clear(role)
            for name, document in documents.items():
                self._iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
            for arn in managed:
                self._iam.attach_role_policy(RoleName=role, PolicyArn=arn)
        for role in self._copies:
            self._clear(role)
            self._iam.delete_role(RoleName=role)

    def credentials(self, function: Function) -> Credentials:
        """Those of a session of the function's role; of no use where its trust policy keeps Lambda out, which the guard
        records as a denial."""
        arn = self._iam.get_role(RoleName=self._of[function.key])["Role"]["Arn"]
        name = self._deployed.text(function.name, "*")
        itself = f"arn:aws:lambda:{self._deployed.pseudo['AWS::Region']}:{ACCOUNT}:function:{name}"
        try:
            return self._aws.assume(arn, session_of(function.key), itself)
        except RefusedError as error:
            self.notes.append(f"{function.key}: Lambda may not assume {arn}: {error.message}")
            return Credentials("AKIAREFUSED000000000", "refused")

    def _role(self, function: Function, is_shared: bool) -> str:
        """The name of the role that the function runs as: the deployed one, or a copy of it."""
        made = self._deployed.made.get(function.role)
        name = made.physical if made is not None else re.split(r"[/:]", function.role)[-1]
        trust: Mapping[str, Any] = TRUST
        try:
            trust = self._iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
        except self._iam.exceptions.NoSuchEntityException:
            self.notes.append(f"{function.key}: the role {name} is not defined in the project; prove used a role "
                              "that Lambda may assume")  # fmt: skip
            name = re.sub(r"[^\w+=,.@-]", "-", name)[-64:] or "role"
            if not is_shared:
                self._iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
                self._copies.append(name)
                return name
        if not is_shared:
            return name
        copy = f"{name[: 63 - len(function.key)]}-{session_of(function.key)}"[:64]
        self._iam.create_role(RoleName=copy, AssumeRolePolicyDocument=json.dumps(trust))
        self._copies.append(copy)
        if self._declared:
            for title, document in self._documents(name).items():
                self._iam.put_role_policy(RoleName=copy, PolicyName=title, PolicyDocument=json.dumps(document))
        return copy

    def _documents(self, role: str) -> dict[str, Mapping[str, Any]]:
        """Inline and attached policies by name."""
        found = {
            name: self._iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for name in self._iam.list_role_policies(RoleName=role)["PolicyNames"]
        }
        for one in self._iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
            policy = self._iam.get_policy(PolicyArn=one["PolicyArn"])["Policy"]
            version = self._iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
            found[one["PolicyName"]] = version["PolicyVersion"]["Document"]
        return found

    def _put(self, role: str, documents: Documents) -> None:
        if role not in self._copies:
            inline = {
                name: self._iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
                for name in self._iam.list_role_policies(RoleName=role)["PolicyNames"]
            }
            attached = self._iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
            self._restored[role] = (inline, tuple(one["PolicyArn"] for one in attached))
        self._clear(role)
        for name, document in documents.items():
            if document["Statement"]:
                self._iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))

    def _clear(self, role: str) -> None:
        for name in self._iam.list_role_policies(RoleName=role)["PolicyNames"]:
            self._iam.delete_role_policy(RoleName=role, PolicyName=name)
        for one in self._iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
            self._iam.detach_role_policy(RoleName=role, PolicyArn=one["PolicyArn"])


def session_of(key: str) -> str:
    """A function's key as the name of a session
    (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html: 2 to 64 characters)."""
    return re.sub(r"[^\w+=,.@-]", "-", key, flags=re.ASCII)[:64].ljust(2, "-")
