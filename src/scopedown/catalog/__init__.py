"""Facts about AWS: services, operations, actions, resource types, CloudFormation types."""
