"""The event ``activemq``."""
