# What the pods of inventory may read, and nothing else.
path "mercato/data/mesh" {
  capabilities = ["read"]
}

path "database/static-creds/inventory" {
  capabilities = ["read"]
}
