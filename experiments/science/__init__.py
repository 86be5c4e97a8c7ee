"""Scientific support of the model: evidence, claims, docking, audit, null models."""
