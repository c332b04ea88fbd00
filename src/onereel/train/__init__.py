"""Training: data from the Backlot, one loop, one file per stage. Kept empty of imports."""
