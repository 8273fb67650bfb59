"""A local AWS that says no: moto's services behind a gate that authorises every request with :mod:`scopedown.iam`.

How a request goes: :mod:`~.gate` takes it, :mod:`~.asked` tells which operation it asks with which parameters,
:mod:`~.signature` whether the key that it names signed it, :mod:`~.checks` what AWS checks for it (the scanner's own
mapping, :func:`scopedown.permissions.require.require`), and moto answers it, or
:mod:`~.answers` gives the denial in the
service's protocol. CloudFormation's operations are answered by :mod:`~.cloudformation`.
"""
