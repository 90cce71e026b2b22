"""Programs of the command line. They stand on the public door, as a user's own program would."""
