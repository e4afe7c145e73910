"""The bus's interface as one document (AsyncAPI 3), made from what the program runs on."""
