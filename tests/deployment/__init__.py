"""Manifests, charts and Compose files, without a cluster."""
