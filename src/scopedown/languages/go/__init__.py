"""Go: its syntax, where the files of a package are, how handlers are found, and what its code does when it runs."""
