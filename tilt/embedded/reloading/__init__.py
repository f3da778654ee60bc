"""`make up` reloads on save: what is saved in the tree is served by the running mesh, or told why it is not."""
