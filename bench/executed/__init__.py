"""Do the SDK calls that a project's own tests make agree with its scan?"""
