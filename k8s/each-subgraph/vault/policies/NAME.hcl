# What the pods of {{ name }} may read, and nothing else.
path "mercato/data/mesh" {
  capabilities = ["read"]
}

path "database/static-creds/{{ name }}" {
  capabilities = ["read"]
}
{% if secrets %}

path "mercato/data/{{ name }}" {
  capabilities = ["read"]
}
{% endif %}
