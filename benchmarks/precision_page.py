"""Placeholder until written."""


def write_page(results, page):
    pass
