"""Apache Kafka's jars: named in jgo.toml, pinned with checksums in jgo.lock.toml, fetched and verified by jars.py."""
