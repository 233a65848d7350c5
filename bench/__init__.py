"""Measurements, each as a ratio to what bounds it in the same run: a figure alone says more about the machine."""
