"""The Fréchet distance of two sets of films in the examiner's features, and how sure it is.

- Dowson and Landau (1982): two Gaussians are |m_a - m_b|^2 + tr(A + B - 2 (A B)^(1/2)) apart
- covariances are shrunk towards a multiple of the identity (Ledoit and Wolf, 2004), since a suite
  has fewer films than features have numbers
- the root is taken by eigenvalues of a symmetric matrix, clipped at 0: no complex parts

It is 0 for equal sets only; few films give more than many would, so only sets of one size may be
compared, and only features of one examiner.

Called from run.py.
"""

from __future__ import annotations

import math

import numpy as np

from onereel.errors import WrongUse


def frechet_distance(a_ND: np.ndarray, b_ND: np.ndarray) -> float:
    """The distance of two sets of feature rows, 0 or more, in squared units of the features; nan
    for a set of fewer than two. Raises WrongUse if the rows differ in length."""
    if a_ND.ndim != 2 or b_ND.ndim != 2 or a_ND.shape[1] != b_ND.shape[1]:
        raise WrongUse(
            f"features {a_ND.shape} and {b_ND.shape} must be rows of one length; read both sets "
            "with the same examiner"
        )
    if min(len(a_ND), len(b_ND)) < 2 or a_ND.shape[1] == 0:
        return math.nan
    a_ND, b_ND = a_ND.astype(np.float64), b_ND.astype(np.float64)
    apart = a_ND.mean(axis=0) - b_ND.mean(axis=0)
    a_DD, b_DD = covariance(a_ND), covariance(b_ND)
    root_DD = root(a_DD)
    # A B and A^(1/2) B A^(1/2) have the same eigenvalues, and the latter is symmetric.
    values = np.linalg.eigvalsh(root_DD @ b_DD @ root_DD)
    both = np.sqrt(np.clip(values, 0, None)).sum()
    return max(0.0, float(apart @ apart + np.trace(a_DD) + np.trace(b_DD) - 2 * both))


def covariance(rows_ND: np.ndarray) -> np.ndarray:
    """(D, D) after Ledoit and Wolf: the sample's covariance, mixed with its mean variance on the
    diagonal by the share that is least wrong on average."""
    count, width = rows_ND.shape
    x_ND = rows_ND - rows_ND.mean(axis=0)
    sample_DD = x_ND.T @ x_ND / count
    level = float(np.trace(sample_DD)) / width
    spread = float((sample_DD**2).sum()) / width - level**2
    fourth = float(((x_ND**2).sum(axis=1) ** 2).sum()) / count
    noise = (fourth - float((sample_DD**2).sum())) / count / width
    share = 1.0 if spread <= 0 else min(1.0, max(0.0, noise / spread))
    return (1 - share) * sample_DD + share * level * np.eye(width)


def root(matrix_DD: np.ndarray) -> np.ndarray:
    """The symmetric square root of a positive semidefinite matrix."""
    values, vectors = np.linalg.eigh(matrix_DD)
    return (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T


def frechet_interval(
    a_ND: np.ndarray, b_ND: np.ndarray, rng: np.random.Generator, rounds: int = 200
) -> tuple[float, float]:
    """The 95 % interval of the distance by the bootstrap over films, (low, high).

    A resampled set repeats some films and lacks others, which adds to the distance; so the basic
    interval is given, the distance less the quantiles of what resampling adds, not below 0.
    """
    whole = frechet_distance(a_ND, b_ND)
    if math.isnan(whole):
        return math.nan, math.nan
    found = [
        frechet_distance(
            a_ND[rng.integers(len(a_ND), size=len(a_ND))],
            b_ND[rng.integers(len(b_ND), size=len(b_ND))],
        )
        for _ in range(rounds)
    ]
    low, high = np.quantile(found, (0.025, 0.975))
    return max(0.0, 2 * whole - float(high)), max(0.0, 2 * whole - float(low))
