"""CDK applications: the assembly that ``cdk synth`` wrote (``cdk.out``), read as the CloudFormation templates in it."""
