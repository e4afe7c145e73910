"""What lies in quarantine: read whole, judged again by the rules of today, sent once more."""
