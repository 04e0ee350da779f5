"""What trained members are worth: their scores, and every choice judged on rows that are not scored by it."""
