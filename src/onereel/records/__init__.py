"""What was made, and how to find it again: the store of records, fingerprints, the audit log."""
