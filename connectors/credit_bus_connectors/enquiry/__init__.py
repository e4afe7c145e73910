"""Enquiries 应查必查: who asks about a subject, for which purpose, and what the answer may say.

`answering` decides, `reading` reads a question, `rates` bounds; `store` keeps each answer with its
line in the log; `routes` speaks HTTP and `topics` Kafka.
"""
