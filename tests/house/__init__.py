"""The house rules: what every part of the repository promises its readers."""
