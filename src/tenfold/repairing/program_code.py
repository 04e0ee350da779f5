"""A whole program as Python code: `build_model`, and `train_model` that prepares the rows and calls `fit`."""

from tenfold.repairing.code_writer import CodeWriter
from tenfold.repairing.program import STOP_SHARE, Program

__all__ = ["program_code"]


def program_code(program: Program) -> str:
    """The program as a Python file without side effects.

    Args:
        program: The program.

    Returns:
        Source with two functions: `build_model` gives the compiled model, `train_model(x, y)` the trained one.
    """
    writer = CodeWriter(program.spellings)
    try:
        source = writer.source(program.model)
    except NotImplementedError as error:  # a class of the user's own without `get_config`
        return f"# {type(program.model).__name__} cannot be written as code: {str(error).splitlines()[0]}\n"
    fused = ["model = tenfold.precision.fuse(model)  # trains on logits, answers probabilities"]
    model = [f"model = build_model({writer.arguments})", *(fused if program.is_fused else [])]
    lines = [*_row_lines(program), *model, _fit_call(program), "return model"]
    body = "\n".join(f"    {line}" for line in lines)
    text = f"{source}\n\ndef train_model(x, y):\n{body}\n"
    imports = [*(["import numpy as np"] if "np." in text else []), *(["import tenfold"] if program.is_fused else [])]
    return "\n".join([*imports, text])


def _row_lines(program: Program) -> list[str]:
    lines = [step.code for step in program.steps]
    if program.fit.mixes_rows and program.fit.validation_split:
        lines += ["order = np.random.default_rng(0).permutation(len(x))", "x, y = x[order], y[order]"]
    return lines


def _fit_call(program: Program) -> str:
    fit = program.fit
    words = ["x", "y", f"epochs={fit.epochs}", f"batch_size={fit.batch_size}"]
    if fit.class_weight is not None:
        words.append(f"class_weight={dict(fit.class_weight)!r}")
    if not fit.shuffle:
        words.append("shuffle=False")
    if fit.validation_split:
        words.append(f"validation_split={fit.validation_split:g}")
    if fit.patience is not None:
        words += [] if fit.validation_split else [f"validation_split={STOP_SHARE:g}"]
        words.append(f"callbacks=[keras.callbacks.EarlyStopping(patience={fit.patience}, restore_best_weights=True)]")
    return f"model.fit({', '.join(words)})"
