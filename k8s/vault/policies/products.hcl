# What the pods of products may read, and nothing else.
path "mercato/data/mesh" {
  capabilities = ["read"]
}

path "database/static-creds/products" {
  capabilities = ["read"]
}
