"""One module a source: its raw files to Episodes, by the rules of its data card in docs/record."""
