"""The Web API by family; every module declares its methods in one table."""
