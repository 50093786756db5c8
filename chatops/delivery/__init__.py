"""Those who see to it that it is said: order, pace, retry, and proof."""
