"""The event ``alexaSmartHome``."""
