"""Summaries: event files for TensorBoard, written without TensorFlow or protocol-buffer libraries."""
