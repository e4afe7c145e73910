"""The same work by this project and by its peers: on one broker, in one run, with equal output."""
