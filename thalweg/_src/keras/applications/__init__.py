"""Networks that made history, ready to be trained or to be given their published weights."""
