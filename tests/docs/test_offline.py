"""The guard of the site: what a browser would fetch from elsewhere is found, what a reader may follow is not."""

import importlib.util
from pathlib import Path

import pytest

SPEC = importlib.util.spec_from_file_location("offline", Path(__file__).parents[2] / "docs" / "site" / "offline.py")
assert SPEC is not None
offline = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(offline)


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example/mathjax.js"></script>',
        '<script src="//cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="https://fonts.example/css">',
        '<img alt="x" src="http://example.org/x.png">',
        "<style>@import 'https://example.org/x.css';</style>",
        "<style>body { background: url(https://example.org/x.png) }</style>",
        '<p style="background: url(//example.org/x.png)">',
    ],
)
def test_a_request_is_found(html):
    assert len(offline.requests_of_page(html)) == 1


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://example.org">elsewhere</a>',
        '<img alt="x" src="data:image/svg+xml;base64,AAAA">',
        '<link rel="canonical" href="https://example.org/page">',
        '<script src="_static/doctools.js"></script><code>src="https://example.org"</code>',
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    ],
)
def test_what_is_no_request(html):
    assert not offline.requests_of_page(html)


def test_all_files_of_a_site_are_looked_at(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "page.html").write_text('<img src="https://example.org/x.png">')
    (tmp_path / "style.css").write_text("@font-face { src: url('https://example.org/x.woff2') }")
    found = list(offline.requests_of_site(tmp_path))
    assert [one.split(":")[0] for one in found] == ["deep/page.html", "style.css"]
