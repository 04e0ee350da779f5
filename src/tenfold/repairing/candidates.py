"""Which candidates belong to which fault. A fault without any is only reported."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from tenfold.repairing.activations import propose_activations
from tenfold.repairing.fitting import (
    propose_class_weights,
    propose_early_stopping,
    propose_epochs,
    propose_shuffling,
    propose_smaller_batches,
)
from tenfold.repairing.floats import propose_fusing, propose_head_type
from tenfold.repairing.heads import propose_heads
from tenfold.repairing.labels import propose_filling, propose_labels
from tenfold.repairing.program import Case, Change, Program
from tenfold.repairing.proposal import Asked
from tenfold.repairing.rates import propose_clipping, propose_optimizers, propose_rates
from tenfold.repairing.scaling import propose_input_scaling, propose_target_scaling
from tenfold.repairing.starts import propose_initializers
from tenfold.repairing.structure import (
    propose_capacity,
    propose_less_dropout,
    propose_normalization,
    propose_regularization,
)

__all__ = ["BY_FAULT", "FAMILIES", "ONLY_REPORTED", "candidates_for"]

Propose = Callable[[Program, Case, Asked], Iterator[Change]]

FAMILIES: Mapping[str, Propose] = {
    "head": propose_heads,
    "labels": propose_labels,
    "missing": propose_filling,
    "shuffle": propose_shuffling,
    "scale_inputs": propose_input_scaling,
    "scale_targets": propose_target_scaling,
    "class_weight": propose_class_weights,
    "initialisation": propose_initializers,
    "activation": propose_activations,
    "dropout": propose_less_dropout,
    "clipping": propose_clipping,
    "normalisation": propose_normalization,
    "head_dtype": propose_head_type,
    "fuse": propose_fusing,
    "learning_rate": propose_rates,
    "optimizer": propose_optimizers,
    "batch_size": propose_smaller_batches,
    "epochs": propose_epochs,
    "capacity": propose_capacity,
    "early_stopping": propose_early_stopping,
    "regularisation": propose_regularization,
}
"""Every family of candidates by the name that `Check.repairs` gives it."""

BY_FAULT: Mapping[str, tuple[str, ...]] = {
    "clipped_loss": ("fuse", "head", "scale_inputs", "initialisation", "learning_rate"),
    "numeric": ("head_dtype", "missing", "head", "clipping", "learning_rate"),
    "head_loss_mismatch": ("head",),
    "label_error": ("labels", "head", "early_stopping", "regularisation"),
    "ordered_data": ("shuffle",),
    "unscaled_input": ("scale_inputs",),
    "unscaled_target": ("scale_targets",),
    "imbalance": ("class_weight",),
    "bad_init": ("initialisation",),
    "no_nonlinearity": ("activation",),
    "dropout": ("dropout",),
    "exploding_gradient": ("clipping", "learning_rate", "normalisation", "initialisation", "scale_inputs"),
    "vanishing_gradient": ("activation", "normalisation", "initialisation"),
    "saturation": ("scale_inputs", "initialisation", "activation", "normalisation"),
    "dying_relu": ("initialisation", "activation", "learning_rate", "normalisation"),
    "lr_too_high": ("learning_rate", "optimizer"),
    "lr_too_low": ("learning_rate", "optimizer", "batch_size"),
    "optimizer": ("optimizer", "learning_rate"),
    "too_few_epochs": ("epochs", "batch_size", "learning_rate"),
    "capacity": ("capacity",),
    "overfitting": ("early_stopping", "regularisation"),
}
"""Families of candidates for each fault, the likeliest first. Source: the repairs of AutoTrainer (Zhang et al.
2021), in the order of causes, and what the rules advise."""

ONLY_REPORTED: Mapping[str, str] = {
    "misaligned_xy": "which target belongs to which row, nobody but the user knows",
    "leakage": "rows or columns that give the answer away must go, which lowers the score it flattered",
    "split_mismatch": "the validation rows have to be prepared as the training rows were, in the user's own code",
    "metric": "another metric measures otherwise; it does not make the network better",
}
"""Faults without candidates, and why."""


def candidates_for(program: Program, case: Case, asked: Asked, families: Iterable[str] | None = None) -> list[Change]:
    """The candidates that answer a finding, the likeliest first.

    Args:
        program: What they would change.
        case: Its rows.
        asked: Why they are looked for.
        families: Names of families; by default those of the fault.
    """
    names = BY_FAULT.get(asked.fault, ()) if families is None else families
    return [change for name in names for change in FAMILIES[name](program, case, asked)]
