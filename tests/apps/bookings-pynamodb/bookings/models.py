import os

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model


class RoomNightIndex(GlobalSecondaryIndex):
    class Meta:
        index_name = "room-night"
        projection = AllProjection()

    room = UnicodeAttribute(hash_key=True)
    night = UnicodeAttribute(range_key=True)


class Booking(Model):
    class Meta:
        table_name = os.environ["BOOKINGS_TABLE"]
        region = os.environ.get("AWS_REGION", "us-east-1")

    guest = UnicodeAttribute(hash_key=True)
    night = UnicodeAttribute(range_key=True)
    room = UnicodeAttribute()
    guests = NumberAttribute(default=1)
    by_room = RoomNightIndex()

    def give_back(self):
        self.delete()


class Room(Model):
    class Meta:
        table_name = os.environ["ROOMS_TABLE"]

    id = UnicodeAttribute(hash_key=True)
    beds = NumberAttribute()
    nights_sold = NumberAttribute(default=0)

    def sell(self):
        self.update(actions=[Room.nights_sold.add(1)])


class Ledger:
    """Kept in memory for the summary of a run; no model, whatever its methods are called."""

    def __init__(self):
        self.lines = []

    def save(self, line):
        self.lines.append(line)

    def query(self, room):
        return [line for line in self.lines if line["room"] == room]
