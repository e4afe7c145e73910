"""What the bus does by itself: delays, catching up, recovery, memory, and how it grows."""
