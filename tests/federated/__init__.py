"""Three small subgraphs on the chassis that use all that Federation has; ``docs/teams/federation.md`` shows them."""
