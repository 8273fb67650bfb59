"""Programs that are configurations (``serverless.ts``): read on the machine that runs handlers, never run.

In: a file. Out: the Document that a YAML file would have given, with a place for every key. ``read`` is the face,
``evaluation`` the machine as a configuration uses it, ``language`` what node gives such a program, ``packages`` what
stands for packages, ``result`` makes the tree.
"""
