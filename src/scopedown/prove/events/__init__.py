"""Sample events for a function: one for each of its triggers, filled with the project's deployed resources.

Each ``NAME.json`` is the shape of one event, with the AWS page that it is taken from; ``${name}`` in it is filled in.
"""
