// Nothing in this room yet.
