"""How is the city doing: values with their errors, and what may be said from them."""
