"""What stands behind the model: evidence, claims, docking, audit, null models."""
