"""What the plan and the law say, as values and functions: no clock, no I/O, no log."""
