"""A denial that AWS reports, explained: what it says, whose it is in a project, and which policy has to change.

In: the text in which AWS says it. Out: :class:`~scopedown.denied.model.Denial`, and what to do about it.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""
