"""CloudFormation templates, as JSON or YAML; SAM and CDK projects end in them and are read on from here."""
