# What the pods of notifications may read, and nothing else.
path "mercato/data/mesh" {
  capabilities = ["read"]
}

path "database/static-creds/notifications" {
  capabilities = ["read"]
}

path "mercato/data/notifications" {
  capabilities = ["read"]
}
