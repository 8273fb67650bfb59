"""The event ``cognitoUserPool``."""
