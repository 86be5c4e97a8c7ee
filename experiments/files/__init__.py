"""Files, folders and streams: whole or not there, and what stops a command."""
