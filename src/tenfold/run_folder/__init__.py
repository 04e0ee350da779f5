"""What a run leaves on the disk: the folder, the ledger of looks, the lock, files that are whole or not there."""
