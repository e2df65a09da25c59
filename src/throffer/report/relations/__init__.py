"""The page of `throffer relate`."""
