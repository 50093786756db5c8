"""Discord is heard."""
