"""What roles declare against what their functions need, and the policies themselves: one rule, one file.

In: a :class:`~scopedown.scan.ProjectScan`. Out: :class:`~.model.Problem` values, each with its rule, its place, the
reason, the remedy and, where a program can make it, the change. :mod:`~.subject` puts a role beside its functions'
needs, in texts that can be compared (:mod:`~.comparable`); every module of :mod:`~.rules` is a rule, with its
documentation and the examples that test it; :mod:`~.run` runs them all and drops what a person ignores.
"""
