"""Configuration that is a program (``serverless.ts``, ``.js``), read without running it: values, and what is not known.

``syntax`` parses, ``values`` says what a value is, ``evaluate`` (expressions), ``statements`` and ``functions`` work
values out, ``modules`` follows imports, ``objects``, ``arrays``, ``texts``, ``patterns`` and ``globals`` are what
JavaScript and node bring along, ``result`` makes the tree that a YAML file would have given, ``read`` is the entry.
"""
