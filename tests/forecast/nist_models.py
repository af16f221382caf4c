"""The model functions of the NIST Statistical Reference Datasets for nonlinear regression, as a user would write them."""

import numpy as np


def three_exponentials(t, b):
    return b[0] * np.exp(-b[1] * t) + b[2] * np.exp(-b[3] * t) + b[4] * np.exp(-b[5] * t)


def two_peaks(t, b):
    peaks = b[2] * np.exp(-((t - b[3]) ** 2) / b[4] ** 2) + b[5] * np.exp(-((t - b[6]) ** 2) / b[7] ** 2)
    return b[0] * np.exp(-b[1] * t) + peaks


def cubic_ratio(t, b):
    return (b[0] + b[1] * t + b[2] * t**2 + b[3] * t**3) / (1 + b[4] * t + b[5] * t**2 + b[6] * t**3)


def decay_over_line(t, b):
    return np.exp(-b[0] * t) / (b[1] + b[2] * t)


def three_cycles(t, b):
    year = 2 * np.pi * t / 12
    first, second = 2 * np.pi * t / b[3], 2 * np.pi * t / b[6]
    cycles = b[1] * np.cos(year) + b[2] * np.sin(year) + b[4] * np.cos(first) + b[5] * np.sin(first)
    return b[0] + cycles + b[7] * np.cos(second) + b[8] * np.sin(second)


MODELS = {
    "Bennett5": lambda t, b: b[0] * (b[1] + t) ** (-1 / b[2]),
    "BoxBOD": lambda t, b: b[0] * (1 - np.exp(-b[1] * t)),
    "Chwirut1": decay_over_line,
    "Chwirut2": decay_over_line,
    "DanWood": lambda t, b: b[0] * t ** b[1],
    "ENSO": three_cycles,
    "Eckerle4": lambda t, b: b[0] / b[1] * np.exp(-0.5 * ((t - b[2]) / b[1]) ** 2),
    "Gauss1": two_peaks,
    "Gauss2": two_peaks,
    "Gauss3": two_peaks,
    "Hahn1": cubic_ratio,
    "Kirby2": lambda t, b: (b[0] + b[1] * t + b[2] * t * t) / (1 + b[3] * t + b[4] * t * t),
    "Lanczos1": three_exponentials,
    "Lanczos2": three_exponentials,
    "Lanczos3": three_exponentials,
    "MGH09": lambda t, b: b[0] * (t * t + t * b[1]) / (t * t + t * b[2] + b[3]),
    "MGH10": lambda t, b: b[0] * np.exp(b[1] / (t + b[2])),
    "MGH17": lambda t, b: b[0] + b[1] * np.exp(-t * b[3]) + b[2] * np.exp(-t * b[4]),
    "Misra1a": lambda t, b: b[0] * (1 - np.exp(-b[1] * t)),
    "Misra1b": lambda t, b: b[0] * (1 - (1 + b[1] * t / 2) ** -2),
    "Misra1c": lambda t, b: b[0] * (1 - (1 + 2 * b[1] * t) ** -0.5),
    "Misra1d": lambda t, b: b[0] * b[1] * t / (1 + b[1] * t),
    "Rat42": lambda t, b: b[0] / (1 + np.exp(b[1] - b[2] * t)),
    "Rat43": lambda t, b: b[0] / (1 + np.exp(b[1] - b[2] * t)) ** (1 / b[3]),
    "Roszman1": lambda t, b: b[0] - b[1] * t - np.arctan(b[2] / (t - b[3])) / np.pi,
    "Thurber": cubic_ratio,
}
