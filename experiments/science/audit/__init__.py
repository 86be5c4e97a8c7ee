"""Audits: does a conclusion survive another way of building the same model?"""

from experiments.science.audit.auditing import audited

__all__ = ["audited"]
