"""What differs between scenarios, on the way and at the end, and through what."""
