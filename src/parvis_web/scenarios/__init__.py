"""What a change would do: scenarios tried, compared, proposed and signed."""
