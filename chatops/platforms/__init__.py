"""Those who say: the clients of other people's services, behind the ports the rest of the product knows."""
