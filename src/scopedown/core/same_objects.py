"""Objects as the key of a cache: the same objects, not equal ones."""

from __future__ import annotations


class SameObjects:
    """A key that is equal to a key of the very same objects; it keeps them alive, so that no other takes their id.

    >>> first, second = [1], [1]
    >>> SameObjects(first) == SameObjects(first), SameObjects(first) == SameObjects(second)
    (True, False)
    """

    __slots__ = ("objects",)

    def __init__(self, *objects: object) -> None:
        self.objects = objects

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.objects)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameObjects) and [*map(id, self.objects)] == [*map(id, other.objects)]
