"""What a scenario file says, as text, and a new one."""
