# What the pods of orders may read, and nothing else.
path "mercato/data/mesh" {
  capabilities = ["read"]
}

path "database/static-creds/orders" {
  capabilities = ["read"]
}
