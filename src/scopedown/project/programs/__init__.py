"""Configuration that is a program (``serverless.ts``, ``.js``), read without running it: values, and what is not known.

The parts: ``syntax`` parses; ``values`` says what a value is, ``scope`` where names have theirs; ``evaluate`` works out
expressions (``literals``, ``operators``, ``members``, ``assignments``, ``bindings``, ``functions``), ``statements``
what stands around them; ``modules`` follows imports; ``arrays``, ``texts``, ``patterns``, ``globals``
and ``node`` are what JavaScript and node bring along; ``result`` makes the tree that a YAML file would have given;
``read`` is the entry.
"""
