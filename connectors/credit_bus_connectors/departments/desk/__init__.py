"""办件台: the desk of a department that has no system of its own.

What its inbox and its replies bring is kept as cases, folded into tasks with their due days (pure:
`cases.py`, `tasks.py`), and shown on pages; what an official does there is an event like any other
(`acts.py`), kept before it is said and answered by the gate's receipt.
"""
