"""The constructs of the plugin serverless-lift: the resources, functions and permissions that they bring.

A construct under ``constructs`` becomes CloudFormation resources with the CDK's logical ids, and may bring a worker
function; ``${construct:NAME.property}`` refers to it; the shared role gets the construct's permissions. One module
makes one kind of construct (:mod:`~.constructs` lists them). Sources: serverless-lift 1.37.7 (MIT), ``dist/src``, and
what it compiles with aws-cdk-lib 2 (``tests/oracle/plugins/lift_*``).
"""
