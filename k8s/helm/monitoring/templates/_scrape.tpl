{{/* A file for `scrape_config_files`: every pod of the mesh that has metrics, with the labels that the alerts and dashboards use. */}}
{{- define "monitoring.scrape" -}}
scrape_configs:
  - job_name: mercato
    scrape_interval: {{ .Values.scrape.interval }}
    kubernetes_sd_configs:
      - role: pod
        namespaces: {names: [{{ .Values.meshNamespace }}]}
    relabel_configs:
      - {action: keep, source_labels: [__meta_kubernetes_pod_label_app_kubernetes_io_part_of], regex: mercato}
      - {action: keep, source_labels: [__meta_kubernetes_pod_phase], regex: Running}
      - action: keep
        source_labels: [__meta_kubernetes_pod_label_app_kubernetes_io_component, __meta_kubernetes_pod_container_port_name]
        regex: {{ if .Values.scrape.router }}(serve|work);open|router;metrics{{ else }}(serve|work);open{{ end }}
      - {source_labels: [__meta_kubernetes_namespace], target_label: namespace}
      - {source_labels: [__meta_kubernetes_pod_name], target_label: pod}
      - {source_labels: [__meta_kubernetes_pod_label_app_kubernetes_io_name], target_label: app}
      - {source_labels: [__meta_kubernetes_pod_label_app_kubernetes_io_component], target_label: component}
{{- end -}}
