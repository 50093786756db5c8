"""REST v10: one module per family of routes."""
