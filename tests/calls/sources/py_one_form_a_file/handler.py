from forms import aliases, awaited, cached, chosen, managed, memo, records, registry, singleton, wrapped


def handler(event, context):
    aliases.run(event)
    awaited.run(event)
    cached.run(event)
    chosen.run(event)
    managed.run(event)
    memo.run(event)
    records.run(event)
    registry.run(event)
    singleton.run(event)
    wrapped.run(event)
