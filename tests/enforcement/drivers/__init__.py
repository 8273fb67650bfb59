"""Hand-written drivers of six types: a second model of CloudFormation's calls, apart from the tables of ``deploy``."""
