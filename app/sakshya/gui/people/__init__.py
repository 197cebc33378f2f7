"""Who acts in a case, and the passphrase that opens it."""
