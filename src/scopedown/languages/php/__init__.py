"""PHP: its syntax, where its files are, what its code does when it runs, and the AWS SDK for PHP."""
