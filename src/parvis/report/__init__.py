"""Result to chart, map, document and sentence."""
