"""What an event costs in the bus without a broker: by stage, and against the least possible."""
