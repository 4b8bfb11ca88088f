"""What the first page says of all rooms: how consent stands, what leaves, what needs somebody."""
