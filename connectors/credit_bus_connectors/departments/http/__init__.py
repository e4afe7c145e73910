"""`POST /events`: what a department's system says over HTTP, written down before it is done.

`routes` speaks HTTP; `intake` has the way of a request; the other modules are its steps.
"""
