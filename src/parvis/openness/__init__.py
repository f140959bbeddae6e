"""Answer whether people, cycles, emergency vehicles and trams still get through."""
