"""From what somebody knows of an organisation to a scenario."""
