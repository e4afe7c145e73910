"""The shell that runs steps over batches: Faust, transactions, local index, watchdog, settings."""
