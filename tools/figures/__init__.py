"""The drawn figures of the documentation, one module a page: `make figures`."""
