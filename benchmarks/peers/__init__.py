"""What one would use instead, each as its own manual has it, doing the same work."""
