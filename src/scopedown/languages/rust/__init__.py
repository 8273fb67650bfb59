"""Rust: its front end, its crates, what its code does when it runs, and the AWS SDK for Rust."""
