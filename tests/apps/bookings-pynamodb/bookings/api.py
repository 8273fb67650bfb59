import json

from bookings.models import Booking, Room


def _answer(status, body=None):
    return {"statusCode": status, "body": json.dumps(body or {})}


def reserve(event, context):
    wish = json.loads(event["body"])
    try:
        room = Room.get(wish["room"])
    except Room.DoesNotExist:
        return _answer(404)
    if wish.get("guests", 1) > room.beds:
        return _answer(409, {"error": "the room is too small"})
    booking = Booking(wish["guest"], wish["night"], room=wish["room"], guests=wish.get("guests", 1))
    booking.save(condition=Booking.guest.does_not_exist())
    room.sell()
    return _answer(201, {"guest": booking.guest, "night": booking.night})


def cancel(event, context):
    place = event["pathParameters"]
    booking = Booking.get(place["guest"], place["night"])
    booking.give_back()
    return _answer(204)


def mine(event, context):
    nights = [b.night for b in Booking.query(event["pathParameters"]["guest"], scan_index_forward=True)]
    return _answer(200, {"nights": nights})
