"""Tables of calls, one module a family: each holds `ROWS`, and `ELSEWHERE` where functions have own tests.

A table names arguments only, so that the recorder reads it with real Keras and the tests with thalweg.
"""
