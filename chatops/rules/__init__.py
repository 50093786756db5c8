"""Pure arithmetic: on time, text and numbers; no input, no output, no clock."""
