# What the pods of users may read, and nothing else.
path "mercato/data/mesh" {
  capabilities = ["read"]
}

path "database/static-creds/users" {
  capabilities = ["read"]
}

path "mercato/data/users" {
  capabilities = ["read"]
}
