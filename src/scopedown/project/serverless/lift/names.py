"""The names that the CDK gives to what lift's constructs make: logical ids, and ids within a resource.

Source: aws-cdk-lib 2, ``core/lib/private/uniqueid.ts``: the words of a construct's path, and a hash of the path.
"""

from __future__ import annotations

import hashlib
import re


def unique_id(path: str) -> str:
    """The id of a construct by its path; a word that ends in the next one is written once.

    >>> unique_id("landing/CDN/Origin1")
    'landingCDNOrigin1FCED8263'
    """
    digest = hashlib.md5(path.encode(), usedforsecurity=False).hexdigest()[:8].upper()
    words: list[str] = []
    for word in (re.sub(r"[^A-Za-z0-9]", "", one) for one in path.split("/")):
        if word != "Resource" and not (words and words[-1].endswith(word)):
            words.append(word)
    return "".join(words)[:240] + digest


def logical_id(construct: str, name: str) -> str:
    """The logical id of a construct's resource, by the path of the CDK construct that makes it.

    >>> logical_id("jobs", "Queue")
    'jobsQueueCEDBAE3E'
    >>> logical_id("inputBucket", "Bucket/Policy")
    'inputBucketPolicy6790AA37'
    """
    return unique_id("/".join(one for one in (construct, name, "Resource") if one))
