"""What maintainers run: figures of the documentation and checks of what is shipped."""
