"""Run each Python and Node function of a project for real, in a process of its own.

In: a project, the folder that holds its code, and the local AWS that the code may ask. Out: a
:class:`~.model.FunctionRun` for each function: what ran, on which events, how each ended, what it could not reach.
"""
