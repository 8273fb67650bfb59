"""A local AWS that says no: moto's services behind a gate that authorises every request with :mod:`scopedown.iam`.

How a request goes: :mod:`~.gate` takes it, :mod:`~.asked` tells which operation it asks with which parameters,
:mod:`~.signature` and :mod:`~.credentials` who signed it (users and roles of :mod:`~.local_iam`, sessions of
:mod:`~.trust`), :mod:`~.checks` what AWS checks for it (the scanner's own mapping,
:func:`scopedown.permissions.require.require`), :mod:`~.resource_policies` what the resource's own policy says; moto
answers it (:mod:`~.answered` what moto does not have), or :mod:`~.answers` gives the denial in the service's protocol.
CloudFormation's operations are answered by :mod:`~.cloudformation`, which asks the gate as its :mod:`~.authority`;
:mod:`~.services` hands it to the gate.
"""
