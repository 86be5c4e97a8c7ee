"""Running scenarios many times: workers, stores, study files and cached rows."""
