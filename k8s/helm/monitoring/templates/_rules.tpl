{{/* The alerts, in Prometheus' own format: both ways of delivery hold exactly this. */}}
{{- define "monitoring.rules" -}}
{{- $here := printf "namespace=%q" .Values.meshNamespace -}}
{{- $limit := .Values.alerts.thresholds -}}
groups:
  - name: mercato-checkout
    rules:
      - alert: MercatoBooksDiffer
        expr: max by (namespace, kind) (mercato_reconciliation_differences{ {{- $here -}} }) > 0
        labels: {severity: critical}
        annotations:
          summary: {{ `"Books differ: {{ $value }} of kind {{ $labels.kind }}"` }}
          description: Provider, ledger, orders and stock disagree. docs/architecture/checkout.md says what each kind means and what to do.
      - alert: MercatoBooksNotCompared
        expr: time() - max by (namespace) (mercato_reconciliation_timestamp_seconds{ {{- $here -}} }) > {{ $limit.reconciliationSeconds }}
        for: 20m
        labels: {severity: warning}
        annotations:
          summary: Books were not compared for too long
          description: payments-work compares them every PAYMENTS_RECONCILE_SECONDS; its log says what keeps it from that.
      - alert: MercatoSagaStuck
        expr: sum by (namespace, kind) (max by (namespace, kind, step, overdue) (mercato_orders_fulfilments_open{ {{- $here }}, step="STUCK"})) > 0
        labels: {severity: critical}
        annotations:
          summary: {{ `"{{ $value }} of kind {{ $labels.kind }} wait for a person"` }}
          description: The query ordersNeedingAttention lists them with the reason; orderRetry takes them up again.
      - alert: MercatoOrderDisputed
        expr: sum by (namespace, due) (max by (namespace, due) (mercato_orders_disputes_open{ {{- $here -}} })) > 0
        labels: {severity: warning}
        annotations:
          summary: {{ `"{{ $value }} disputes hold orders; evidence is due {{ $labels.due }}"` }}
          description: The query ordersNeedingAttention lists the orders; Order.hold says until when the provider takes evidence.
      - alert: MercatoDisputeEvidenceDue
        expr: sum by (namespace) (max by (namespace, due) (mercato_orders_disputes_open{ {{- $here }}, due="soon"})) > 0
        labels: {severity: critical}
        annotations:
          summary: {{ `"Evidence on {{ $value }} disputes is due within three days"` }}
          description: Answer them at the provider, or the money is lost. Order.hold has the time of each.
      - alert: MercatoBackordersLate
        expr: max by (namespace) (mercato_inventory_late_backorders{ {{- $here -}} }) > 0
        for: 5m
        labels: {severity: warning}
        annotations:
          summary: {{ `"{{ $value }} pieces that orders wait for did not come on their day"` }}
          description: Ask who delivers, then name another day by stockSetPolicy; the buyers are written to. ProductVariant.stockPolicy shows who waits for what.
      - alert: MercatoSagaOverdue
        expr: sum by (namespace, kind, step) (max by (namespace, kind, step, overdue) (mercato_orders_fulfilments_open{ {{- $here }}, step!="STUCK", overdue="true"})) > 0
        for: 5m
        labels: {severity: warning}
        annotations:
          summary: {{ `"{{ $value }} of kind {{ $labels.kind }} are past their deadline at {{ $labels.step }}"` }}
          description: The subgraph or the provider that this step asks does not answer, or orders-work does not run.
      - alert: MercatoConfirmationSlow
        expr: histogram_quantile(0.99, sum by (namespace, le) (rate(mercato_orders_fulfilment_seconds_bucket{ {{- $here }}, end="CONFIRMED"}[10m]))) > {{ $limit.confirmationSeconds }}
        for: 10m
        labels: {severity: warning}
        annotations:
          summary: {{ `"One order in a hundred takes {{ $value | humanizeDuration }} to be confirmed"` }}
          description: Look at the provider's times, the outbox and the steps' retries on the checkout dashboard.
      - alert: MercatoPaymentMismatch
        expr: sum by (namespace, provider) ({{ include "monitoring.new" (list "mercato_payment_mismatches_total" $here "1h") }}) > 0
        labels: {severity: critical}
        annotations:
          summary: {{ `"{{ $labels.provider }} told another amount or currency than a payment has"` }}
          description: What it told was not applied. The log of payments names the payment; compare it with the provider's page.
      - alert: MercatoRefundFailed
        expr: sum by (namespace, provider) ({{ include "monitoring.new" (list "mercato_payment_refund_failures_total" $here "1h") }}) > 0
        labels: {severity: warning}
        annotations:
          summary: {{ `"Refunds at {{ $labels.provider }} came back from buyers' banks"` }}
          description: The buyers are owed the money. ordersNeedingAttention lists the orders; the log of payments names the payments.
      - alert: MercatoProviderMissing
        expr: max by (namespace, provider) (mercato_payments_without_provider{ {{- $here }}, status!="CAPTURED"}) > 0
        labels: {severity: critical}
        annotations:
          summary: {{ `"Payments may have money at {{ $labels.provider }}, which is not configured"` }}
          description: It can be neither taken nor let go nor given back. Configure the provider again until reconcile tells of no PROVIDER_MISSING.
      - alert: MercatoMailGivenUp
        expr: sum by (namespace, kind) ({{ include "monitoring.new" (list "mercato_notifications_given_up_total" $here "1h") }}) > 0
        labels: {severity: warning}
        annotations:
          summary: {{ `"Mails of kind {{ $labels.kind }} were given up"` }}
          description: The log of notifications-work says what the mail server answered.
  - name: mercato-subgraphs
    rules:
      - alert: MercatoDeadLetters
        expr: sum by (namespace, app, topic) ({{ include "monitoring.new" (list "mercato_dead_letters_total" $here "1h") }}) > 0
        labels: {severity: critical}
        annotations:
          summary: {{ `"{{ $labels.app }} put messages of {{ $labels.topic }} aside"` }}
          description: List them with the subgraph's command `dead-letters list`, mend the cause, and apply them with `dead-letters replay`.
      - alert: MercatoEventsSetAside
        expr: max by (namespace, app) (mercato_outbox_set_aside{ {{- $here -}} }) > 0
        labels: {severity: critical}
        annotations:
          summary: {{ `"{{ $labels.app }} has {{ $value }} events that Kafka does not take"` }}
          description: List them with the subgraph's command `outbox list`, mend the cause, and send them with `outbox replay`, or do without them with `outbox discard`.
      - alert: MercatoOutboxLag
        expr: max by (namespace, app) (mercato_outbox_lag_seconds{ {{- $here -}} }) > {{ $limit.outboxLagSeconds }}
        for: 2m
        labels: {severity: critical}
        annotations:
          summary: {{ `"{{ $labels.app }} has events that wait for {{ $value | humanizeDuration }}"` }}
          description: The relay does not run or Kafka does not take events. Nothing is lost; the others do not hear of it yet.
      - alert: MercatoConsumerLag
        expr: sum by (namespace, app, topic) (max by (namespace, app, topic, partition) (mercato_consumer_lag{ {{- $here -}} })) > {{ $limit.consumerLagMessages }}
        for: 5m
        labels: {severity: warning}
        annotations:
          summary: {{ `"{{ $labels.app }} is {{ $value }} messages behind on {{ $labels.topic }}"` }}
          description: More replicas of its work Deployment share the partitions, up to one a partition.
      - alert: MercatoErrors
        expr: >-
          sum by (namespace, app) (rate(mercato_operation_errors_total{ {{- $here }}, code=~"INTERNAL|UNAVAILABLE"}[5m]))
          / sum by (namespace, app) (rate(mercato_operation_seconds_count{ {{- $here -}} }[5m])) > {{ $limit.errorShare }}
        for: 5m
        labels: {severity: critical}
        annotations:
          summary: {{ `"{{ $labels.app }} fails in {{ $value | humanizePercentage }} of its operations"` }}
          description: INTERNAL is a defect, UNAVAILABLE something that it needs and does not reach. The log has each with its trace.
      - alert: MercatoVersionSkew
        expr: sum by (namespace, app) ({{ include "monitoring.new" (list "mercato_version_skew_total" $here "5m") }}) > 0
        for: 10m
        labels: {severity: warning}
        annotations:
          summary: {{ `"The router asks {{ $labels.app }} by another version of its schema"` }}
          description: The log of the subgraph names what it does not have. Finish the roll-out, or give the router the supergraph of what runs.
      - alert: MercatoWorkerRestarts
        expr: sum by (namespace, app, worker) (increase(mercato_worker_restarts_total{ {{- $here -}} }[15m])) > {{ $limit.workerRestarts }}
        labels: {severity: warning}
        annotations:
          summary: {{ `"The worker {{ $labels.worker }} of {{ $labels.app }} fails again and again"` }}
          description: Its log says why, a line a failure.
      - alert: MercatoCertificateExpires
        expr: min by (namespace, app, component, file) (tls_certificate_expires_timestamp_seconds{ {{- $here -}} }) - time() < {{ $limit.certificateDays }} * 86400
        labels: {severity: critical}
        annotations:
          summary: {{ `"{{ $labels.file }} of {{ $labels.app }} ends in {{ $value | humanizeDuration }}"` }}
          description: cert-manager, or scripts/certificates, did not renew it. Processes read a renewed one while they run.
      - alert: MercatoPodSilent
        expr: up{ {{- $here }}, job="mercato"} == 0
        for: 3m
        labels: {severity: warning}
        annotations:
          summary: {{ `"{{ $labels.pod }} does not answer Prometheus"` }}
          description: It hangs, or a network policy is in the way.
{{- if .Values.scrape.router }}
      - alert: MercatoRouterErrors
        expr: >-
          sum by (namespace) (rate(router_request_duration_seconds_count{ {{- $here }}, outcome="failed"}[5m]))
          / sum by (namespace) (rate(router_request_duration_seconds_count{ {{- $here -}} }[5m])) > {{ $limit.errorShare }}
        for: 5m
        labels: {severity: critical}
        annotations:
          summary: {{ `"The router has nothing but errors for {{ $value | humanizePercentage }} of the requests"` }}
          description: The router's dashboard shows which code; UNAVAILABLE names a subgraph that it does not reach.
{{- end }}
{{- if .Values.alerts.kubeStateMetrics }}
  - name: mercato-pods
    rules:
      - alert: MercatoPodNotReady
        expr: >-
          min by (namespace, pod) (kube_pod_status_ready{ {{- $here }}, condition="true"}) == 0
          unless on (namespace, pod) kube_pod_status_phase{ {{- $here }}, phase="Succeeded"} == 1
        for: 5m
        labels: {severity: warning}
        annotations:
          summary: {{ `"{{ $labels.pod }} is not ready"` }}
          description: "`kubectl describe pod` shows what its readiness probe answers, in one line."
      - alert: MercatoJobFailed
        expr: max by (namespace, job_name) (kube_job_status_failed{ {{- $here -}} }) > 0
        for: 1m
        labels: {severity: critical}
        annotations:
          summary: {{ `"The Job {{ $labels.job_name }} failed"` }}
          description: A migration that fails keeps the new version unready, and the old one goes on serving. The Job's log says why.
{{- end }}
{{- end -}}
