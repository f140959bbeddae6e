"""What is to be done about findings: by whom, until when, at which cost, how far it is."""
