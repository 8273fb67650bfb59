"""The services of every kind of event, deployed, updated and removed by the frameworks against the guard."""
