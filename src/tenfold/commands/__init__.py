"""One module a family of commands; `tenfold.cli` puts them together."""
