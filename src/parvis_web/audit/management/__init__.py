"""Commands about the audit chains."""
