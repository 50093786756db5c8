"""The crash test: kill the product at random instants under traffic, then ask the worlds what was lost or doubled."""
