"""One module for each source, which codes its raw files by the rules of its card in docs/record."""
