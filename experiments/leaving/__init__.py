"""What if somebody leaves: whose leaving costs most, what is lost, what helps."""
