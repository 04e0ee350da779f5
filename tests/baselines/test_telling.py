"""Terms weighted by how differently the classes use them: a count by hand as oracle."""

import numpy as np
import pytest
from scipy import sparse

from tenfold.baselines.telling import TellingTerms

TERMS = np.array([[1, 1, 0, 0], [0.5, 0, 0, 1], [0, 2, 1, 0], [0, 1, 1, 0], [0, 0, 1, 1.0]])


def test_two_classes_scale_terms_by_their_log_ratio():
    classes = np.array([0, 0, 1, 1, 1])
    first, second = np.array([2, 1, 0, 1]) + 1, np.array([0, 2, 3, 1]) + 1
    expected = np.abs(np.log(first / first.sum()) - np.log(second / second.sum()))
    inputs = sparse.csr_matrix(np.column_stack([TERMS, np.full(5, 7.0)]))
    fitted = TellingTerms(4).fit(inputs, classes)
    np.testing.assert_allclose(fitted.scales_, [*expected, 1.0])
    np.testing.assert_allclose(fitted.transform(inputs).toarray(), inputs.toarray() * [*expected, 1.0])


def test_several_classes_take_the_ratio_of_one_against_the_others():
    classes = np.array([0, 0, 1, 1, 2])
    stands = [TERMS[classes == one].astype(bool).sum(axis=0) + 1.0 for one in range(3)]
    ratios = []
    for own in range(3):
        rest = sum(stands[other] for other in range(3) if other != own) - 1
        ratios.append(np.abs(np.log(stands[own] / stands[own].sum()) - np.log(rest / rest.sum())))
    fitted = TellingTerms(4).fit(sparse.csr_matrix(TERMS), classes)
    np.testing.assert_allclose(fitted.scales_, np.max(ratios, axis=0))


@pytest.mark.parametrize("num_classes", [2, 3])
def test_without_counting_nothing_is_scaled(num_classes: int):
    fitted = TellingTerms(4, is_counting=False).fit(sparse.csr_matrix(TERMS), np.arange(5) % num_classes)
    assert fitted.scales_.tolist() == [1.0] * 4
