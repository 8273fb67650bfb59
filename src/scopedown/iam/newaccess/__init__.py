"""Exact comparison of policies: what new ones allow that old ones did not, each with a request that shows it.

A statement is a box with one constraint in each dimension of a request (:mod:`box`). :mod:`find` answers one question,
is there a request inside these boxes and outside those, and :mod:`compare` asks it for every statement.
"""

from scopedown.iam.newaccess.compare import new_access
from scopedown.iam.newaccess.model import Comparison, Row, Undecided, Witness

__all__ = ["Comparison", "Row", "Undecided", "Witness", "new_access"]
