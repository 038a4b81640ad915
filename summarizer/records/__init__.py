"""Value types, their compiler, and the record of a deal."""
