"""A local AWS that enforces a generated policy, and the frameworks' real commands run against it.

:mod:`.gate` is the AWS: it stands in front of moto, takes each request apart (:mod:`.asked`), works out what AWS would
check for it (:mod:`.checks`: scopedown's own catalog and permissions) and asks :mod:`scopedown.iam`. :mod:`.stacks`
answers CloudFormation, whose calls for each resource are those of :mod:`.drivers`. :mod:`.frameworks` runs osls and
serverless 3.

Which checks rest on what: a command's own requests are the framework's real ones. What CloudFormation asks for a
resource is our model of it (``drivers/``): the operations are those of the type's API by AWS's pages and of the
registry's handlers, and no request of CloudFormation's was ever seen. Their mapping to actions and ARNs is the
catalog's in both cases. The table that policies are generated from (``scopedown.deploy``) is not read here.
"""
