"""Side-by-side timing of thalweg and TensorFlow. Run ``python -m benchmarks``; see README.md."""
