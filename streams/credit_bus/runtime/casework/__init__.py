"""The shell of casework: rows in PostgreSQL, a stage over lanes, a clock, and the relay."""
