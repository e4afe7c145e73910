"""Credit Bus (信用总线): checks and routes a district's public-credit events. It scores nobody."""
