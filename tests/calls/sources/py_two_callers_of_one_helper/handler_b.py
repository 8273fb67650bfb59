import shared


def handler(event, context):
    return shared.read("users", event["id"])
