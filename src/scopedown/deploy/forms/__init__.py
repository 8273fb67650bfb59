"""What is to be made in the account, for the tools that make it: one module, one form. What is said of a plan (its
reasons, an audit, what access remains) is here too."""
