"""C#: its syntax, its files and projects, its handlers, its running code, and the AWS SDK for .NET."""
