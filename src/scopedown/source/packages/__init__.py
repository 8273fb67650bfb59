"""Third-party packages: what lock files say that each brings along, and what is known of single packages.

In: the contents of lock files. Out: a :class:`~scopedown.source.packages.lock.Lock`, whose ``closure`` of a package is
all that it brings, and the rows of ``packages.tsv``: SDKs, request signers, and packages known to hold neither.
"""

from __future__ import annotations

import re


def python_name(name: str) -> str:
    """A Python package's normalised name (PEP 503).

    >>> python_name("AWS_Lambda.Powertools")
    'aws-lambda-powertools'
    """
    return re.sub(r"[-_.]+", "-", name).lower()
