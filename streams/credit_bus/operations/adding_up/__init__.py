"""Does every event add up while the bus runs: what must follow each hop, and what is amiss."""
