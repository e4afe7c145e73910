"""The whole way of an event, as the topics of the bus tell it: hops of records, and their fold."""
