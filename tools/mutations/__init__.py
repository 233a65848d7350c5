"""The mutation proof: mistakes that must not go unnoticed, made one at a time in a copy of the tree."""
