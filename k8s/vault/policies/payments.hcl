# What the pods of payments may read, and nothing else.
path "mercato/data/mesh" {
  capabilities = ["read"]
}

path "database/static-creds/payments" {
  capabilities = ["read"]
}

path "mercato/data/payments" {
  capabilities = ["read"]
}
