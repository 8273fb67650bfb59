from datetime import date, timedelta

from bookings.models import Booking, Ledger, Room

ROOMS = ("attic", "garden", "tower")


def occupancy(event, context):
    today = date.today()
    ledger = Ledger()
    for room in ROOMS:
        sold = Booking.by_room.count(room, Booking.night >= today.isoformat())
        ledger.save({"room": room, "sold": sold})
    return {room: ledger.query(room) for room in ROOMS}


def archive(event, context):
    limit = (date.today() - timedelta(days=400)).isoformat()
    old = list(Booking.scan(Booking.night < limit))
    with Booking.batch_write() as batch:
        for booking in old:
            batch.delete(booking)
    return len(old)


def close_room(name):
    """An operator's chore, run from a shell."""
    room = Room.get(name)
    room.delete()
