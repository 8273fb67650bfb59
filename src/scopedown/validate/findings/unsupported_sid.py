"""A Sid has a character that IAM does not take."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import is_known


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.in_iam else ():
        node = statement.get("Sid")
        sid = (node.text or "") if node is not None else ""
        if node is not None and "${" not in sid and is_known(sid) and re.fullmatch("[A-Za-z0-9]*", sid) is None:
            yield Found(f"the Sid {sid} has characters other than letters and digits", node.place, sid)


CHECK = Check(
    code="UNSUPPORTED_SID",
    type=Type.ERROR,
    summary="A Sid has a character that IAM does not take.",
    explanation="In policies that IAM keeps, a Sid has the letters a to z and A to Z, and digits.",
    remedy="Write the Sid with letters and digits only.",
    bad=Example(
        policy('{"Sid": "Read reports", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::a"}')
    ),
    good=Example(
        policy('{"Sid": "ReadReports", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::a"}')
    ),
    find=find,
)
