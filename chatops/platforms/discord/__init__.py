"""Discord as a place where the team sits: painting cards and carrying them there."""
