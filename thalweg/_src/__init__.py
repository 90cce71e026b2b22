"""The rooms behind the door: nothing here is public (see the import table in tests/architecture)."""
