"""The web process: one application made of routers, each with collaborators of its own."""
