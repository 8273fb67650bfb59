"""SAM templates: transformed to CloudFormation by aws-sam-translator, then read as such."""
