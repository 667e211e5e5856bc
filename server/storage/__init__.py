"""Everything that is kept: all SQL of the project lies in this package and nowhere else."""
