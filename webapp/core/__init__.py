"""What every room stands on: configuration, database, clock, queue, web. No feature words."""
