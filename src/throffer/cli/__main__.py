"""`python -m throffer.cli`."""

from throffer.cli import main

main()
