"""People: addresses, attributes, tags, activity, and the read copy of their consent."""
