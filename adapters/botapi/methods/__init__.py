"""What a bot may call: one function a method, and a table of them."""
