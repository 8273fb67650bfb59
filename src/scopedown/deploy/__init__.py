"""The Framework user: what whoever runs ``deploy``, ``remove``, ``info`` … must be allowed, and no more.

In: a :class:`~scopedown.project.model.Project` (its compiled template) and the commands to be run. Out: a
:class:`~.model.Plan`, whose permissions become policy documents (:mod:`~.documents`). Two sources feed it:

- what a command itself calls: ``commands/FRAMEWORK.tsv``, read by :mod:`~.commands`. A new framework is one such file
  and one row of ``commands/frameworks.tsv``.
- what CloudFormation does in the caller's name for each resource: ``types/SERVICE.tsv``, read by :mod:`~.resources`.
  A new service is one such file, with rows of ``types/names.tsv`` where its resources have names or ARNs that the
  catalog does not tell, and rows of ``types/not_needed.tsv`` for what the registry's handlers list but no deployment
  calls. A type without rows falls back to the registry's handlers (:mod:`~.resources`), marked as such.

How it goes: :mod:`~.settings` tells what of the project the conditions of commands ask for; :mod:`~.target` where it
deploys to; :mod:`~.rows` reads the tables; :mod:`~.when` evaluates a row's condition; :mod:`~.names` knows what
CloudFormation calls a resource; :mod:`~.arns` fills a row's ARN template, :mod:`~.row_permissions` its condition, and
:mod:`~.allowed` sees to it that IAM takes the result; :mod:`~.plan` puts all of it together, and :mod:`~.compact` and
:mod:`~.documents` make it short. :mod:`~.uncompiled` stands in for a project of which no template can be compiled.
Further parts stand beside these and take a :class:`~.model.Plan` or a project: the questions of ``--ask`` make a
project; an audit compares a plan with a policy; guard rails add conditions to permissions; forms for other tools are
``emit``'s.
"""
