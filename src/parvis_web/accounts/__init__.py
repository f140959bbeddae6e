"""People, authorities and roles: who may do what with which object."""
