"""Override files: their blocks merged into those of a module's other files.

In: the bodies of the files and of the override files. Out: the bodies with what is overridden. A block takes an
override's arguments one by one, and its nested blocks in the place of all those of the same type; of ``locals`` each
value is overridden for itself, of ``lifecycle`` each argument.
Reference: https://developer.hashicorp.com/terraform/language/files/override
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scopedown.project.terraform.syntax import Block, Body

_EACH: Final = ("lifecycle",)
"""Nested blocks that are merged argument by argument."""
_ALONE: Final = ("locals", "terraform")
"""Blocks without a name: what they hold is merged wherever it is."""


def overridden(bodies: Sequence[Body], overrides: Sequence[Body]) -> tuple[list[Body], list[Block]]:
    """The bodies with the overrides merged in, and the override blocks that override nothing."""
    found = [Body(dict(body.attributes), list(body.blocks)) for body in bodies]
    without: list[Block] = []
    for override in overrides:
        without += [
            block
            for block in override.blocks
            if not (_into_locals(found, block) if block.type in _ALONE else _into(found, block))
        ]
    return found, without


def _into_locals(bodies: list[Body], override: Block) -> bool:
    """Values of ``locals`` by their names; a name that is new is an error of the configuration's and is added."""
    rest = dict(override.body.attributes)
    for body in bodies:
        for at, block in enumerate(body.blocks):
            if block.type == override.type:
                own = {name: written for name, written in rest.items() if name in block.body.attributes}
                rest = {name: written for name, written in rest.items() if name not in own}
                merged = Body({**block.body.attributes, **own}, block.body.blocks)
                body.blocks[at] = Block(block.type, block.labels, merged, block.place)
    if rest:
        bodies.append(Body({}, [Block(override.type, (), Body(rest, []), override.place)]))
    return True


def _into(bodies: list[Body], override: Block) -> bool:
    """Merge one block into that of the same type and name; False where there is none."""
    for body in bodies:
        for at, block in enumerate(body.blocks):
            if _key(block) == _key(override):
                body.blocks[at] = Block(block.type, block.labels, _merged(block.body, override.body), block.place)
                return True
    return False


def _key(block: Block) -> tuple[object, ...]:
    """What a block is known by; providers also by their alias."""
    alias = block.body.attributes.get("alias") if block.type == "provider" else None
    return (block.type, block.labels, None if alias is None else alias.source.text(alias.node))


def _merged(body: Body, override: Body) -> Body:
    replaced = {_name(block) for block in override.blocks if block.type not in _EACH}
    kept = [block for block in body.blocks if _name(block) not in replaced]
    for block in override.blocks:
        at = next((at for at, one in enumerate(kept) if one.type in _EACH and one.type == block.type), None)
        if at is None:
            kept.append(block)
        else:
            kept[at] = Block(block.type, (), _merged(kept[at].body, block.body), kept[at].place)
    hidden = {_name(block) for block in override.blocks}
    attributes = {name: written for name, written in body.attributes.items() if name not in hidden}
    blocks = [block for block in kept if _name(block) not in override.attributes or block in override.blocks]
    return Body({**attributes, **override.attributes}, blocks)


def _name(block: Block) -> str:
    """The type of a nested block, that of the blocks which a ``dynamic`` one makes."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type
