"""Signals: Fourier transforms, windows, frames and spectra."""
