{{/*
Grafana's JSON of a description in dashboards/: a panel there is a title, a unit and its queries, which people can review; places,
identifiers and data sources are put in here. Three panels in a row of 24 columns.
*/}}
{{- define "monitoring.dashboard" -}}
{{- $source := dict "type" "prometheus" "uid" "${datasource}" -}}
{{- $panels := list -}}
{{- range $index, $panel := .panels -}}
{{- $targets := list -}}
{{- range $letter, $query := $panel.queries -}}
{{- $refers := index (list "A" "B" "C" "D" "E" "F") $letter -}}
{{- $targets = append $targets (dict "refId" $refers "datasource" $source "expr" $query.expr "legendFormat" $query.legend "range" true) -}}
{{- end -}}
{{- $place := dict "h" 8 "w" 8 "x" (mul 8 (mod $index 3)) "y" (mul 8 (div $index 3)) -}}
{{- $look := dict "defaults" (dict "unit" $panel.unit "min" 0) "overrides" list -}}
{{- $panels = append $panels (dict "id" (add1 $index) "type" ($panel.type | default "timeseries") "title" $panel.title "description" ($panel.help | default "") "datasource" $source "gridPos" $place "fieldConfig" $look "targets" $targets) -}}
{{- end -}}
{{- $variables := list (dict "name" "datasource" "type" "datasource" "query" "prometheus" "label" "Prometheus") -}}
{{- range $variable := .variables -}}
{{- $asked := dict "query" $variable.query "refId" $variable.name -}}
{{- $several := $variable.several | default false -}}
{{- $variables = append $variables (dict "name" $variable.name "type" "query" "datasource" $source "query" $asked "refresh" 2 "sort" 1 "multi" $several "includeAll" $several "allValue" ".*") -}}
{{- end -}}
{{- dict "uid" .uid "title" .title "description" .description "tags" (list "mercato") "schemaVersion" 41 "version" 1 "editable" true "refresh" "30s" "time" (dict "from" "now-3h" "to" "now") "templating" (dict "list" $variables) "panels" $panels | toPrettyJson -}}
{{- end -}}
