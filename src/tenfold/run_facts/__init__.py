"""What a run did, told as facts: words and numbers for the terminal, the JSON and the report."""
