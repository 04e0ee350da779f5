"""Losses and last layers that floating point does not cut off: `fuse`, `head_dtype`.

*fuse*: heads are trained on their logits (`tenfold.precision.fuse`); the model answers probabilities as before.
*head_dtype*: the last layer and what follows it compute in float32, whatever the rest does; in 16 bits a probability
near 1 is 1, and its crossentropy infinite.
"""

from collections.abc import Iterator
from dataclasses import replace

from tenfold.engine.losses import find_heads
from tenfold.repairing.graph import head_of, is_rewritable, layer_named
from tenfold.repairing.outputs import num_outputs
from tenfold.repairing.program import Case, Change, Program
from tenfold.repairing.proposal import Asked, of_program, proposal
from tenfold.repairing.rewriting import changed

__all__ = ["propose_fusing", "propose_head_type"]


def propose_fusing(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Heads trained on logits."""
    del case
    if is_rewritable(program.model):
        yield proposal(asked, "fuse", "last activation and loss fused: trained on logits", of_program(_fused))


def propose_head_type(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """Heads that compute in float32."""
    del case
    if is_rewritable(program.model):
        yield proposal(asked, "head_dtype", "last layer computes in float32", of_program(_in_float32))


def _fused(program: Program) -> Program | None:
    model = program.model
    if program.is_fused:
        return None
    outputs = (getattr(model, "_functional", None) or model)._outputs_struct
    outputs = outputs[0] if num_outputs(model) == 1 and isinstance(outputs, list | tuple) else outputs
    model._compile_loss.build(outputs, outputs)  # no target is at hand: the losses are built on the answers
    return replace(program, is_fused=True) if find_heads(model) else None


def _in_float32(program: Program) -> Program | None:
    model, chains = program.model, {}
    for output in range(num_outputs(model)):
        head = head_of(model, output)
        names = [] if head is None else [head.layer.name, *head.after]
        for layer in (layer_named(model, name) for name in names):
            if layer.compute_dtype != "float32":
                chains[layer.name] = [changed(layer, dtype="float32")]
    return program.rewritten(chains) if chains else None
