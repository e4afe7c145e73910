"""The operators' console: what is late, for whom, how soon it hurts, and what can be put right."""
