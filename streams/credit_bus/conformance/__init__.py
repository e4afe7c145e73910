"""接入检测: whether a department's adapter says, hears and stops as the bus requires.

An adapter is seen through its three topics alone. `plan` makes up what is said to it and asked of
it, `script` is what is done in which order, `judge` stands in for the gate, the modules of checks
look at what was seen, `catalogue` is their table. All pure; the Kafka, the processes and the clock
are `credit_bus_deploy.conformance`.
"""
