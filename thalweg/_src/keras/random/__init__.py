"""Random numbers of Keras: seed generators, distributions, dropout and shuffling."""
