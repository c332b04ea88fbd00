"""How good a film is: what an examiner reads off it, metrics, suites, reports."""
