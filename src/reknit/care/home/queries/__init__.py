"""What the front pages gather, one file for each page. Each says how many database queries it makes."""
