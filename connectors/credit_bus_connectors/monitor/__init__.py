"""What watches the bus from beside it, for operators: lag, ways of events, what does not add up.

The pure parts lie in `credit_bus.operations`; here are the database of the operators (schema
`operations`) and the threads that fill it.
"""
