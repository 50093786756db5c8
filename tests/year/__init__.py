"""More than a year through the whole product, every page and every hole of the rota known beforehand."""
