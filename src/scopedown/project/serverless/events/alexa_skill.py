"""The event ``alexaSkill``."""
