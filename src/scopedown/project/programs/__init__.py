"""Configuration that is a program (``serverless.ts``, ``.js``), read without running it: values, and what is not known.

The parts, from the bottom: ``values`` says what a value is, ``scope`` where names have theirs, and what the parts ask
of the evaluator; ``members``, ``bindings``, ``operators``, ``assignments`` and ``literals`` are the expressions'
parts; ``arrays``, ``texts``, ``node`` and ``globals`` are what JavaScript and node bring along (the plain part of it is
in ``source/javascript``), ``result`` makes the tree that a YAML file would have given; ``imports`` and ``statements``
read what stands around expressions, ``modules`` follows imports, ``functions`` enters functions, ``evaluate`` works out
expressions by all of them; ``read`` is the entry.
"""
