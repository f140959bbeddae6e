// Filled below: the custom element <parvis-map>.
