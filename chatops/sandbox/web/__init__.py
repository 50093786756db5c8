"""One page on which a visitor plays buyer and agent while the product works between them."""
