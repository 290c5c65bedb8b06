"""Writes the JSON of all dashboards to where Grafana reads it."""

from observability.dashboards import write

write()
