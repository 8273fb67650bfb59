import shared


def handler(event, context):
    return shared.read("orders", event["id"])
