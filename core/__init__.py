"""The counter itself: what is sold, whose money it is, how the talk goes. Opens no socket and no file of its own."""
