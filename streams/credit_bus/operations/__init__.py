"""What operators ask of a running bus: conservation, and later lag, trace and quarantine."""
