"""Reports to the leading group's office: what departments did in a period. Of nobody else."""
