from .store import Store
from .store import Store as Other
from . import names

__all__ = ["Store", "make_store", "names"]


def make_store(name):
    return Other(name)
