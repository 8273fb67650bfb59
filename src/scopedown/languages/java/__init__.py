"""Java: its syntax, its builds, what it is where it runs, and AWS's two SDKs for the JVM, which Kotlin shares."""
