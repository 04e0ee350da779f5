"""All data sets that have a name here: tables and series, texts, photos, and what scikit-learn carries."""

from collections.abc import Mapping

from tenfold.datasets.entry import KERAS, Download, Entry
from tenfold.datasets.tables import CC_BY, TABLES

__all__ = ["CATALOGUE"]

TEXTS = (
    Entry(
        "fa_kes", "804 articles on the war in Syria: credible (1) or fake (0); hardly any model beats 0.6.",
        "F. Abu Salem and others, ICWSM 2019, Zenodo", "CC BY 4.0",
        "fa_kes", ("FA-KES-Dataset.csv",), "labels",
        downloads=(
            Download(
                "https://zenodo.org/record/2607278/files/FA-KES-Dataset.csv",
                "90822dc38d080fa220960d4b7c704fb66adba0feaf038ab44e56ec4d6f2e15ab",
            ),
        ),
    ),
    Entry(
        "horne2017", "326 political articles of 2016, with titles: real, fake or satire.",
        "B. Horne and S. Adali, ICWSM 2017", "redistribution permitted with its notice; articles are their publishers'",
        "horne2017", ("horne2017_fake_news.csv",), "label",
        hint="https://github.com/BenjaminDHorne/fakenewsdata1",
    ),
    Entry(
        "imdb", "50,000 film reviews, half of them to test on, 1 for positive; the table and its file hold one in ten.",
        "A. Maas and others, ACL 2011", "none stated; free for research",
        "imdb", ("imdb_reviews_5000.csv", "imdb_reviews_50000.zip"), "sentiment", reader="imdb",
        keras=(
            Download(f"{KERAS}imdb.npz", "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"),
            Download(f"{KERAS}imdb_word_index.json", ""),
        ),
        hint="https://ai.stanford.edu/~amaas/data/sentiment, or by `load_data()` and `get_word_index()` of Keras' imdb",
    ),
    Entry(
        "reuters", "10,794 newswires of 1987 with one topic or more, divided by blanks; the ModApte split.",
        "D. Lewis, Reuters and Carnegie Group, Reuters-21578", "research only, as its README states",
        "reuters", ("reuters_modapte.csv",), "topics", reader="reuters",
        keras=(
            Download(f"{KERAS}reuters.npz", "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916"),
            Download(f"{KERAS}reuters_word_index.json", ""),
        ),
        hint="https://archive.ics.uci.edu/dataset/137, or by `load_data()` and `get_word_index()` of Keras' reuters",
    ),
    Entry(
        "sentiment_sentences", "3,000 sentences on films, goods and restaurants: positive (1) or negative (0).",
        "D. Kotzias and others, KDD 2015, UCI", CC_BY,
        "sentiment_sentences", ("sentiment_sentences.csv",), "label",
        hint="https://archive.ics.uci.edu/dataset/331/sentiment+labelled+sentences",
    ),
)  # fmt: skip

_MNIST = Download(f"{KERAS}mnist.npz", "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1")

PHOTOS = (
    Entry(
        "cat_noncat", "259 photos of 64 by 64 pixels, 50 of them to test on: cat (1) or not (0).",
        "Neural Networks and Deep Learning (a course), week 4", "none stated",
        "cat_noncat", ("train_catvnoncat.h5", "test_catvnoncat.h5"), reader="cat_noncat",
        hint="the notebook of the course's week 4 has both files",
    ),
    Entry(
        "cats_dogs", "4,000 photos, longest side 150 pixels, half of them to test on: cat (0) or dog (1).",
        "Microsoft Research, Asirra; Kaggle 2013", "no open licence known",
        "cats_dogs", ("cats_dogs_4000_side150.zip",), reader="cats_dogs",
        hint="https://www.kaggle.com/c/dogs-vs-cats, in a zip with train/cats, train/dogs, test/cats and test/dogs",
    ),
    Entry(
        "flowers", "3,475 photos of 128 by 128 pixels: which of five kinds of flowers.",
        "TensorFlow flower_photos (Flickr); photographers in attribution.csv", "CC BY 2.0",
        "flowers", ("flowers_128px.zip",), reader="archive",
        hint="https://storage.googleapis.com/download.tensorflow.org/example_images/flower_photos.tgz, in a zip with a "
        "folder for each kind",
    ),
    Entry(
        "mnist", "70,000 digits written by hand, 28 by 28 pixels, 10,000 of them to test on.",
        "Y. LeCun, C. Cortes and C. Burges", "CC BY-SA 3.0",
        "mnist", tuple(f"{part}-ubyte.gz" for part in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3",
                                                       "t10k-labels-idx1")),
        reader="mnist", keras=(_MNIST,), downloads=(_MNIST,),
    ),
)  # fmt: skip

CARRIED = (
    Entry("breast_cancer", "569 tumours, thirty features: malignant or benign.", "W. Wolberg and others 1995, UCI",
          CC_BY, target="diagnosis", is_carried=True),
    Entry("diabetes", "442 patients: how far diabetes has come a year later.", "B. Efron and others 2004",
          "none stated; scikit-learn carries it", target="progression", is_carried=True),
    Entry("digits", "1,797 digits written by hand, 8 by 8 pixels from 0 to 16.", "E. Alpaydin and C. Kaynak 1998, UCI",
          CC_BY, target="digit", is_carried=True),
    Entry("wine", "178 wines: which of three cultivars.", "M. Forina and others 1991, UCI", CC_BY, target="cultivar",
          is_carried=True),
)  # fmt: skip

CATALOGUE: Mapping[str, Entry] = {
    entry.name: entry for entry in sorted((*TABLES, *TEXTS, *PHOTOS, *CARRIED), key=lambda entry: entry.name)
}
