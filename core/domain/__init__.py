"""Records and rules without any I/O: time, ids and chance come in as arguments."""
