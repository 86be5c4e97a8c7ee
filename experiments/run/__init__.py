"""Scenarios run many times: processes, stores, study files, and rows that are kept."""
