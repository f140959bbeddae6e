"""Every write to people, authorities, grants, invitations, tokens and markings."""
