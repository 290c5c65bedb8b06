"""The Bot API as our services use it: patient, measured, traced, and with its errors told apart."""
