"""Proof that generated permissions suffice: the real framework and the real functions, run against a guard.

In: a project folder. Out: a :class:`~.model.Proof`: every command and function that ran, every request with its
decision, and for each statement whether it was used.
"""
