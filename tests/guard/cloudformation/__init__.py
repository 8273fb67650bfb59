"""CloudFormation of the guard, asked through boto3, with one small driver of its own."""
