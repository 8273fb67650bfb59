"""The event ``iotFleetProvisioning``."""
