"""Changes that keep a program's meaning, applied to small functions that call AWS: is the call still found?"""
