"""What the passing of time means."""
