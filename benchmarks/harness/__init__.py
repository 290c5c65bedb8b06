"""How benchmarks are described, run in turn, judged, written down and drawn."""
