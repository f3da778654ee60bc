# Written by `make manifests` from k8s/each-subgraph/vault/policies/NAME.hcl; change that.
# What the pods of inventory may read, and nothing else.
path "mercato/data/mesh" {
  capabilities = ["read"]
}

path "database/static-creds/inventory" {
  capabilities = ["read"]
}
