{{/* The labels of an object: a dict of root, and where it has them name, component and version. */}}
{{- define "mercato.labels" -}}
{{- include "mercato.podLabels" . }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end -}}

{{/* The same without what changes with each release of the chart: of pods, which would begin anew. */}}
{{- define "mercato.podLabels" -}}
{{- with .name }}
app.kubernetes.io/name: {{ . }}
{{- end }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
app.kubernetes.io/part-of: mercato
{{- with .version }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
{{- end -}}

{{/* What pods are found by: a dict of name and component. */}}
{{- define "mercato.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* The version of something of ours: its own, or that of all. A list of root and what has `version`. */}}
{{- define "mercato.version" -}}
{{- (index . 1).version | default (index . 0).Values.image.version -}}
{{- end -}}

{{/* The image of something of ours, a list as before. */}}
{{- define "mercato.image" -}}
{{- $root := index . 0 -}}
image: {{ $root.Values.image.registry }}{{ (index . 1).image }}:{{ include "mercato.version" . }}
imagePullPolicy: {{ $root.Values.image.pullPolicy }}
{{- end -}}

{{/* What Pod Security's level "restricted" asks of a pod, and a little more; the context is the user's number. */}}
{{- define "mercato.restrictedPod" -}}
automountServiceAccountToken: false
# Kubernetes would set ORDERS_PORT=tcp://… for a Service named orders, and orders would take it for its own setting.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ . }}
  runAsGroup: {{ . }}
  fsGroup: {{ . }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "mercato.restrictedContainer" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end -}}

{{/* Pods of a kind on different nodes, where there are several: a dict of name and component. */}}
{{- define "mercato.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "mercato.selector" . | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
{{- end -}}

{{/* How pods of ours come and go. */}}
{{- define "mercato.rollout" -}}
revisionHistoryLimit: 5
progressDeadlineSeconds: 300
strategy:
  type: RollingUpdate
  rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }
{{- end -}}

{{/* How often a Job is tried, and how long it is kept to be looked at. */}}
{{- define "mercato.job" -}}
backoffLimit: 10
activeDeadlineSeconds: 900
ttlSecondsAfterFinished: 600
{{- end -}}
