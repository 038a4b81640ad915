"""A digest of twelve deals and a filing of 300,000 characters, with gold for each deal that they report."""
