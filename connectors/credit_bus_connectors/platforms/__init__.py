"""Out: how a platform receives what the bus accepted."""
