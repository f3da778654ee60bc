"""The development loop: what Tilt runs."""
