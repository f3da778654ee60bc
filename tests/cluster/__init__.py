"""The mesh on a real cluster, any that KUBECONFIG names: `make test-cluster`."""
