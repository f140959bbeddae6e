"""Settings from the environment, with safe defaults: `dev`, `test` and `prod` build on `base`."""
