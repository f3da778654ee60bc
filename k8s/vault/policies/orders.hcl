# Written by `make manifests` from k8s/each-subgraph/vault/policies/NAME.hcl; change that.
# What the pods of orders may read, and nothing else.
path "mercato/data/mesh" {
  capabilities = ["read"]
}

path "database/static-creds/orders" {
  capabilities = ["read"]
}
