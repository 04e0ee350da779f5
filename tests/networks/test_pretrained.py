"""Weights that are asked for, that lie where Keras keeps them, that can be had, or that cannot."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenfold.errors import OptionError
from tenfold.networks import pretrained
from tenfold.networks.pretrained import AUTOMATIC, Weights, download_weights, find_weights, missing_sentence

HDF5 = b"\x89HDF\r\n\x1a\n" + bytes(100)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "keras" / "models"


def written(path: Path, content: bytes = HDF5) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "family", "alpha", "side"),
    [
        ("mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_96_no_top.h5", "mobilenet_v2", 0.35, 96),
        ("mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_160_no_top.h5", "mobilenet_v2", 1.0, 160),
        ("efficientnetv2-b0_notop.h5", "efficientnet_v2_b0", 1.0, 128),
    ],
)
def test_the_files_own_name_says_what_it_holds(tmp_path: Path, name: str, family: str, alpha: float, side: int):
    path = written(tmp_path / name)
    assert find_weights(str(path)) == Weights(family, alpha, side, path)


def test_a_file_with_a_name_of_its_own_is_told_apart_by_what_stands_before_it(tmp_path: Path):
    path = written(tmp_path / "mine.keras", b"PK\x03\x04" + bytes(9))
    assert find_weights(f"mobilenet_v2_0.5_128:{path}") == Weights("mobilenet_v2", 0.5, 128, path)
    assert find_weights(f"efficientnet_v2_b0:{path}") == Weights("efficientnet_v2_b0", 1.0, 128, path)
    with pytest.raises(OptionError, match=r"`mine.keras` does not say which network.*mobilenet_v2_0.35_96:"):
        find_weights(str(path))


def test_what_is_no_file_of_weights_is_refused(tmp_path: Path):
    with pytest.raises(OptionError, match="There are no weights at"):
        find_weights(str(tmp_path / "mobilenet_v2_1.0_96.h5"))
    with pytest.raises(OptionError, match="holds no weights"):
        find_weights(str(written(tmp_path / "mobilenet_v2_1.0_96.h5", b"<html> not found")))


def test_without_being_asked_the_file_that_keras_keeps_is_used(kept: Path):
    assert find_weights("") is None
    assert find_weights("none") is None
    path = written(kept / AUTOMATIC.path.name)
    assert find_weights("") == Weights("mobilenet_v2", 0.35, 96, path)
    assert find_weights("none") is None


def test_the_sentence_names_address_file_and_folder(kept: Path):
    said = missing_sentence()
    assert f"https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/{AUTOMATIC.path}" in said
    assert str(kept) in said
    assert "no hash" in said


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with what the server holds, slowly where that is asked for."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        for part in self.server.parts:  # type: ignore[attr-defined]
            self.wfile.write(part)
            self.server.pause.wait(self.server.seconds)  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        made.parts, made.seconds, made.pause = [HDF5], 0.0, threading.Event()  # type: ignore[attr-defined]
        made.daemon_threads = True
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.pause.set()  # type: ignore[attr-defined]
        made.shutdown()


def url(server: http.server.ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/"


def test_what_can_be_had_is_kept_where_keras_looks(kept: Path, server: http.server.ThreadingHTTPServer):
    found = download_weights(5.0, url(server))
    assert found == Weights("mobilenet_v2", 0.35, 96, kept / AUTOMATIC.path.name)
    assert found.path.read_bytes() == HDF5


def test_a_page_in_place_of_weights_and_a_slow_line_leave_nothing(kept: Path, server: http.server.ThreadingHTTPServer):
    server.parts = [b"<html>sign in</html>"]  # type: ignore[attr-defined]
    assert download_weights(5.0, url(server)) is None
    server.parts, server.seconds = [HDF5 * 1000] * 40, 0.1  # type: ignore[attr-defined]
    assert download_weights(0.5, url(server)) is None
    assert download_weights(0.5, "http://127.0.0.1:9/") is None
    assert not kept.exists()


@pytest.mark.usefixtures("kept")
def test_the_quick_budget_downloads_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from pictures import save_classes
    from tenfold.question import photo_weights
    from tenfold.question.budget import find_budget

    asked = []
    monkeypatch.setattr(photo_weights, "download_weights", lambda: asked.append(1))
    photos = save_classes(tmp_path / "pets")
    assert photo_weights.choose_weights(photos, "", find_budget("quick")) is None
    assert asked == []
    assert photo_weights.choose_weights(photos, "", find_budget("standard")) is None
    assert asked == [1]
    assert photo_weights.choose_weights(photos, "none", find_budget("standard")) is None
    assert photo_weights.choose_weights("houses.csv", "", find_budget("standard")) is None
    assert asked == [1]
    assert pretrained.SECONDS == 10
