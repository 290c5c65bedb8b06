"""Proofs that a stolen credential, a forged address and a hostile text reach nothing."""
