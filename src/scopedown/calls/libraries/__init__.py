"""Models of libraries above the SDKs: one file a library."""
