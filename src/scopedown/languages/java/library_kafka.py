"""Kafka's clients, where they sign in to MSK with the function's role: what they do is checked by IAM then.

That they do is said by their properties: the mechanism ``AWS_MSK_IAM``, or classes of aws-msk-iam-auth.

Sources: https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control-use-cases.html,
https://github.com/aws/aws-msk-iam-auth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.java.holders import Future
from scopedown.languages.java.natives import JavaClass, Library, bound, computed, first_of

LANGUAGE = "java"
PACKAGES = ("org.apache.kafka.clients",)

SDK: Final = "kafka"
_SIGNS: Final = ("AWS_MSK_IAM", "IAMLoginModule", "IAMClientCallbackHandler", "IAMOAuthBearerLoginCallbackHandler")
_ACTIONS: Final = {
    "KafkaProducer": ("DescribeTopic", "WriteData"),
    "KafkaConsumer": ("DescribeTopic", "ReadData", "DescribeGroup", "AlterGroup"),
}
"""What a producer and a consumer need beside connecting."""
_USES: Final = frozenset({"send", "poll", "subscribe", "assign"})


def module(name: str) -> Value | None:
    """A class of the package."""
    kind = name.rpartition(".")[2]
    return ClientClass(name) if kind in _ACTIONS else Library(name)


class ClientClass(JavaClass):
    """``KafkaProducer``."""

    __slots__ = ()

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A client with properties."""
        signed = _is_signed(first_of(site))
        if signed:
            run.emit("kafka-cluster", "Connect", {}, site.place, SDK)
        return Client(self.name.rpartition(".")[2], signed)


def _is_signed(properties: Value) -> bool:
    for option in options(properties):
        for held in option.held() if isinstance(option, Object) else ():
            for one in options(held):
                if isinstance(one, Const) and any(sign in str(one.value) for sign in _SIGNS):
                    return True
    return False


@dataclass(frozen=True, slots=True, eq=False)
class Client(Native):
    """A client of Kafka."""

    label = "a client of Kafka"
    kind: str
    signed: bool

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``send``, ``poll``."""
        return bound(self, name, self._use) if name in _USES else computed(name)

    def _use(self, site: CallSite, run: Machine) -> Value:
        for action in _ACTIONS[self.kind] if self.signed else ():
            run.emit("kafka-cluster", action, {}, site.place, SDK)
        for one in site.positional[1:]:
            run.escape(one, site.place)
        return Future(UnknownValue("a record of Kafka", site.place, inert=True))
