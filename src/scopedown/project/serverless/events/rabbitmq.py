"""The event ``rabbitmq``."""
