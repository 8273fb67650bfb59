"""CloudFormation in front of moto: stacks, change sets and what they make, each call authorised."""
