from abc import ABC, abstractmethod


class Repository(ABC):
    @abstractmethod
    def save(self, item):
        ...

    def save_all(self, items):
        for item in items:
            self.save(item)


class OrderService:
    def __init__(self, orders: Repository, files: Repository) -> None:
        self._orders = orders
        self.files = files

    def place(self, order):
        self._orders.save_all(order["lines"])
        self.files.save(order)

    def cancel(self, order):
        self._orders.remove(order)
