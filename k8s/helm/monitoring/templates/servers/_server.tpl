{{- define "monitoring.serverSelector" -}}
app.kubernetes.io/name: {{ . }}
app.kubernetes.io/component: monitoring
{{- end -}}

{{/* The name, namespace and labels of what belongs to a server: a dict of root, name, and namespace where it is another than the release's. */}}
{{- define "monitoring.serverMetadata" -}}
name: {{ .name }}
namespace: {{ .namespace | default .root.Release.Namespace }}
labels:
  {{- include "monitoring.serverSelector" .name | nindent 2 }}
  {{- include "monitoring.commonLabels" .root | nindent 2 }}
{{- end -}}

{{/*
One pod that keeps nothing, its account and its Service. A dict of root, name, user (that its image was made for), ports (by name;
`http` answers people), health (a path there), memory, token (whether it may ask the API server), settings (the text of what it reads
from elsewhere), container and volumes (what is its own).
*/}}
{{- define "monitoring.server" -}}
apiVersion: v1
kind: ServiceAccount
metadata: {{- include "monitoring.serverMetadata" . | nindent 2 }}
automountServiceAccountToken: false
---
apiVersion: v1
kind: Service
metadata: {{- include "monitoring.serverMetadata" . | nindent 2 }}
spec:
  selector: {{- include "monitoring.serverSelector" .name | nindent 4 }}
  ports:
    {{- range $name, $port := .ports }}
    - {name: {{ $name }}, port: {{ $port }}, targetPort: {{ $name }}}
    {{- end }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "monitoring.serverMetadata" . | nindent 2 }}
  annotations:
    checkov.io/skip1: CKV_K8S_40=the user that the image was made for
    {{- if .token }}
    checkov.io/skip2: CKV_K8S_38=it asks which pods there are
    {{- end }}
spec:
  revisionHistoryLimit: 5
  # Two at once would know nothing of each other.
  strategy: {type: Recreate}
  selector:
    matchLabels: {{- include "monitoring.serverSelector" .name | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "monitoring.serverSelector" .name | nindent 8 }}
        app.kubernetes.io/part-of: mercato
      annotations:
        # Settings are read once: other settings, another pod.
        mercato/settings: {{ .settings | default "" | sha256sum | trunc 16 | quote }}
    spec:
      serviceAccountName: {{ .name }}
      automountServiceAccountToken: {{ .token | default false }}
      enableServiceLinks: false
      securityContext:
        runAsNonRoot: true
        runAsUser: {{ .user }}
        runAsGroup: {{ .user }}
        fsGroup: {{ .user }}
        seccompProfile: {type: RuntimeDefault}
      containers:
        - name: {{ .name }}
          image: {{ index .root.Values.servers .name }}
          imagePullPolicy: IfNotPresent
          ports:
            {{- range $name, $port := .ports }}
            - {name: {{ $name }}, containerPort: {{ $port }}}
            {{- end }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
          startupProbe:
            httpGet: {path: {{ .health }}, port: http}
            periodSeconds: 1
            failureThreshold: 300
          readinessProbe:
            httpGet: {path: {{ .health }}, port: http}
            periodSeconds: 5
          livenessProbe:
            tcpSocket: {port: http}
            periodSeconds: 10
            failureThreshold: 6
          resources:
            requests: {cpu: 50m, memory: 128Mi}
            limits: {memory: {{ .memory }}}
          {{- toYaml .container | nindent 10 }}
      volumes: {{- toYaml .volumes | nindent 8 }}
{{- end -}}
