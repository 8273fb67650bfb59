"""The events of the framework, one module each: what an event adds to the shared role, and the resources it makes.

A module may define ``statements(service) -> Iterator[DeclaredStatement]``, what the event adds to the shared role,
``principals(service) -> Iterator[str]``, the services that assume that role for the event, and
``compile(template) -> None``, which adds the event's resources to the template. Each module handles its event for all
functions at once, as the framework does; :mod:`.order` calls them in its order.
"""
