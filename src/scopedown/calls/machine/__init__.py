"""The machine that runs code abstractly, as its steps and the models use it, and the values that models bring.

The interpreter's steps (``interpreter/``), the built-ins, the SDKs and the libraries know the machine by this protocol
alone; ``interpreter/interpret.py`` implements it. The state of a run stands in ``state.py``. A model gives meaning to
values by subclassing :class:`Native`, whose methods get the machine; what is a language's own is its :class:`Language`.
"""

from scopedown.calls.machine.native import Function, Native
from scopedown.calls.machine.protocol import Language, Machine, Position, SdkNames, within
from scopedown.calls.machine.state import Activation, Found, Heap, Trail, Written

__all__ = [
    "Activation",
    "Found",
    "Function",
    "Heap",
    "Language",
    "Machine",
    "Native",
    "Position",
    "SdkNames",
    "Trail",
    "Written",
    "within",
]
