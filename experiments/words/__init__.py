"""Words, numbers and sentences in two languages."""
