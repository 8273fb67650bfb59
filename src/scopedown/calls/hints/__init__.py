"""Comments with which a person answers what no analysis can know."""
