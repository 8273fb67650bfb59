"""What is declared beside what is needed: the one comparison that ``check``, ``write`` and ``report`` are views of.

In: the grants of a role and the needs of the functions that assume it. Out: what is lacking (:mod:`~.denial`), unused
and wider (:mod:`~.subject`), what may not be judged and why (:mod:`~.doubt`), what a role must hold to serve its
functions without allowing anything that it did not (:mod:`~.fitted`), and whether a change only narrows
(:mod:`~.narrows`). What cannot be decided is neither said nor taken away (:mod:`scopedown.iam.decided`).
"""
