"""From a source to columns and rows: files, frames and the examples that come with the package."""
