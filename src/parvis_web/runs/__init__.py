"""Long computations: started, watched, cancelled, restarted."""
