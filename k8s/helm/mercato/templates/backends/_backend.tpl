{{/* The probes of a server: somebody answers at the port of this name. */}}
{{- define "mercato.serverProbes" -}}
startupProbe:
  tcpSocket: { port: {{ . }} }
  periodSeconds: 1
  failureThreshold: 300
readinessProbe:
  tcpSocket: { port: {{ . }} }
  periodSeconds: 5
  failureThreshold: 2
livenessProbe:
  tcpSocket: { port: {{ . }} }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end -}}

{{/* The name, namespace, labels and annotations of what runs a server: a dict of root, name, and stock where it is its maker's image. */}}
{{- define "mercato.serverMetadata" -}}
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "mercato.labels" (dict "root" .root "name" .name "component" "backend") | nindent 4 }}
    {{- if not .stock }}
    mercato/image: backends
    {{- end }}
  {{- if .stock }}
  annotations:
    checkov.io/skip1: CKV_K8S_40=the user that the image was made for
  {{- end }}
{{- end -}}

{{/* How its pods are found, and what labels and security they have: a dict of root, name and user. */}}
{{- define "mercato.serverPods" -}}
revisionHistoryLimit: 5
selector:
  matchLabels: {{- include "mercato.selector" (dict "name" .name "component" "backend") | nindent 4 }}
{{- end -}}

{{- define "mercato.serverPodMetadata" -}}
metadata:
  labels: {{- include "mercato.podLabels" (dict "name" .name "component" "backend") | nindent 4 }}
{{- end -}}

{{/* A Service: a dict of root, name, and ports by name. */}}
{{- define "mercato.serverService" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "mercato.labels" (dict "root" .root "name" .name "component" "backend") | nindent 4 }}
spec:
  selector: {{- include "mercato.selector" (dict "name" .name "component" "backend") | nindent 4 }}
  ports:
    {{- range $name, $port := .ports }}
    - { name: {{ $name }}, port: {{ $port }}, targetPort: {{ $name }} }
    {{- end }}
{{- end -}}

{{/* A volume that lasts, called data: the context is its size. */}}
{{- define "mercato.dataClaim" -}}
volumeClaimTemplates:
  - metadata:
      name: data
      labels: { app.kubernetes.io/part-of: mercato }
    spec:
      accessModes: [ReadWriteOnce]
      resources: { requests: { storage: {{ . }} } }
{{- end -}}
