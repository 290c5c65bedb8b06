"""Services as processes of their own, killed and started again under people's hands."""
