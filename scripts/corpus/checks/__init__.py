"""What scripts/corpus/check is made of: a module for each kind of file, and the report that they write to."""
