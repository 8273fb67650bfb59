"""What stands in an AWS account: the only room that talks to AWS, and only where ``--audit`` or ``--apply`` asks it to.

In: a profile's name. Out: an identity with its policies (:mod:`~.identity`), or what was changed (:mod:`~.apply`,
:mod:`~.users`). boto3 is imported when it is first needed. Nothing here works out what is
needed: it takes policy documents and policies as the language reads them.
"""
