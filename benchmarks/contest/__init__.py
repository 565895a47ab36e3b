"""A contest on the laboratory: who gives a fleet of Services its addresses, and how fast."""
