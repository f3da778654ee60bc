{{/*
The container of a subgraph and its volumes, whatever it does. A dict of root, name, subgraph, arguments (`serve`, for instance), resources,
and whether it has a certificate (`tls`).
*/}}
{{- define "mercato.subgraphContainer" -}}
{{- $prefix := upper .name -}}
name: subgraph
{{ include "mercato.image" (list .root .subgraph) }}
args: {{ toJson .arguments }}
envFrom:
  - configMapRef: { name: mercato }
env:
  {{- range $name, $value := .subgraph.environment }}
  - { name: {{ $name }}, value: {{ $value | quote }} }
  {{- end }}
  - { name: {{ $prefix }}_HOST, value: 0.0.0.0 }
  - { name: {{ $prefix }}_PORT, value: "8080" }
  - { name: {{ $prefix }}_GRPC_PORT, value: "9090" }
  - { name: {{ $prefix }}_OPEN_PORT, value: "8081" }
  - { name: SECRETS_DIR, value: /var/run/secrets/mercato }
  {{- if .tls }}
  - { name: TLS_DIR, value: /var/run/tls }
  {{- end }}
{{ include "mercato.restrictedContainer" . }}
resources: {{- toYaml .resources | nindent 2 }}
volumeMounts:
  - { name: secrets, mountPath: /var/run/secrets/mercato, readOnly: true }
  - { name: tmp, mountPath: /tmp }
  {{- if .tls }}
  - { name: tls, mountPath: /var/run/tls, readOnly: true }
  {{- end }}
{{- end -}}

{{- define "mercato.subgraphVolumes" -}}
volumes:
  # A file a setting. The kubelet renews them within a minute or two of a change, and the subgraph reads them again.
  - name: secrets
    projected:
      defaultMode: 0440
      sources:
        - secret: { name: mesh }
        - secret: { name: {{ .name }} }
  - name: tmp
    emptyDir: { sizeLimit: 64Mi }
  {{- if .tls }}
  - name: tls
    secret: { secretName: {{ .name }}-tls, defaultMode: 0440 }
  {{- end }}
{{- end -}}

{{/*
Started: all that is opened at the start is open; it may wait five minutes for a backend before it begins anew. Ready: the database
answers and has the migrations of this version; else no traffic, but no restart either. Alive: the event loop turns; asks no backend, as
a restart brings none back. preStop: until every node has taken the pod out of its Services.
*/}}
{{- define "mercato.subgraphProbes" -}}
startupProbe:
  httpGet: { path: /health/started, port: open }
  periodSeconds: 2
  timeoutSeconds: 3
  failureThreshold: 150
readinessProbe:
  httpGet: { path: /health/ready, port: open }
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
livenessProbe:
  httpGet: { path: /health/live, port: open }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
lifecycle:
  preStop: { sleep: { seconds: 5 } }
{{- end -}}

{{/* What a subgraph has of `serve` or `work`: its own before that of all. A dict of root, subgraph and command. */}}
{{- define "mercato.share" -}}
{{- $own := index .subgraph .command | default dict -}}
{{- mergeOverwrite (deepCopy (index .root.Values .command)) $own | toYaml -}}
{{- end -}}
