# What differs from broker to broker follows from the pod's name: kafka-0, kafka-1, ... REPLICATION is 1 unless it is said.
set -eu
number=${HOSTNAME##*-}
replication=${REPLICATION:-1}
in_sync=$(( (replication + 1) / 2 ))
{
    cat /etc/mercato/server.properties
    echo "node.id=$number"
    echo "controller.quorum.voters=$KAFKA_VOTERS"
    echo "advertised.listeners=PLAINTEXT://$HOSTNAME.kafka-brokers:9092"
    for kind in default offsets.topic transaction.state.log share.coordinator.state.topic; do
        echo "$kind.replication.factor=$replication"
    done
    for kind in min.insync.replicas transaction.state.log.min.isr share.coordinator.state.topic.min.isr; do
        echo "$kind=$in_sync"
    done
} > /tmp/server.properties
# The id only has to be the same for all brokers.
/opt/kafka/bin/kafka-storage.sh format --ignore-formatted --cluster-id bWVyY2F0by1ldmVudHMtMQ --config /tmp/server.properties
exec /opt/kafka/bin/kafka-server-start.sh /tmp/server.properties
