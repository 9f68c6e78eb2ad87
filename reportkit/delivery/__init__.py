"""What goes out to the units (分发): folders, letters, and the record of both."""

from reportkit.delivery.handing import Handed, hand_out
from reportkit.delivery.letters import Mailing, letters_for
from reportkit.delivery.parcels import Item, Parcel, Withheld, annexes_of, parcels_of
from reportkit.delivery.record import Line, Record

__all__ = [
    "Handed",
    "Item",
    "Line",
    "Mailing",
    "Parcel",
    "Record",
    "Withheld",
    "annexes_of",
    "hand_out",
    "letters_for",
    "parcels_of",
]
