"""What a change of policies allows that was not allowed before: documents, sets of policies, and states of a project.

:mod:`scopedown.iam.newaccess` compares; here is what is compared with what, and how a person is told.
"""
