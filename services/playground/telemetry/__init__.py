"""What services say of themselves by OTLP, kept so that the page can show what a press did."""
