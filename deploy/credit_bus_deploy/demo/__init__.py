"""A day of the district with synthetic, format-true input, and the page that adds it up."""
