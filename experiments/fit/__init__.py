"""Making a scenario from what somebody knows of an organisation."""
