{{/* Whether Prometheus Operator's objects are made: as told, or as the cluster knows them. */}}
{{- define "monitoring.operator" -}}
{{- if eq .Values.delivery "auto" -}}
{{- if .Capabilities.APIVersions.Has "monitoring.coreos.com/v1" -}}yes{{- end -}}
{{- else if eq .Values.delivery "operator" -}}yes{{- end -}}
{{- end -}}

{{- define "monitoring.labels" -}}
app.kubernetes.io/name: monitoring
{{ include "monitoring.commonLabels" . }}
{{- end -}}

{{- define "monitoring.commonLabels" -}}
app.kubernetes.io/part-of: mercato
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/instance: {{ .Release.Name }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/*
How much a counter grew in a window, a list of metric, selector and window. `increase` alone does not see the first one of a label
or of a new pod: such a series begins with 1, and nothing was there to grow from.
*/}}
{{- define "monitoring.new" -}}
{{- $metric := printf "%s{%s}" (index . 0) (index . 1) -}}
{{- $window := index . 2 -}}
increase({{ $metric }}[{{ $window }}]) > 0 or ({{ $metric }} unless {{ $metric }} offset {{ $window }}) > 0
{{- end -}}
