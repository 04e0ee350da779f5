"""REFORMS: what a study with machine learning should report, 32 items in eight modules.

Source: Kapoor et al., "REFORMS: Consensus-based Recommendations for Machine-learning-based Science", Science Advances
10 (2024), eadk3452. Items in our own, shorter words.
"""

from tenfold.report.audit import about_data as data
from tenfold.report.audit import about_model as model
from tenfold.report.audit import about_score as score
from tenfold.report.audit.checklist import Checklist, Question, fill_checklist
from tenfold.report.facts import Facts

__all__ = ["reforms"]

SOURCE = "Kapoor et al. (2024), Science Advances 10, eadk3452; items shortened."

STUDY = (
    Question(
        "1a", "The population the claim is about", left="Whom or what do the rows stand for?", card=("population",)
    ),
    Question("1b", "Why this population", left="Why is this population the one to study?", card=("purpose",)),
    Question(
        "1c",
        "Why machine learning",
        (score.about_why_learning,),
        "What would be done without a learned model?",
        ("why_learning",),
    ),
)

REPEATING = (
    Question(
        "2a", "The data set, with a link", (data.about_table,), "Where can others get it (link, DOI)?", ("source",)
    ),
    Question("2b", "The code and its version", (model.about_software,)),
    Question("2c", "The computing infrastructure", (model.about_machine,)),
    Question("2d", "Instructions to get the results", (model.about_repeating,)),
    Question("2e", "A script that makes all results", (model.about_repeating,)),
)

DATA = (
    Question(
        "3a",
        "Source of the data, time, how the outcome was established",
        left="When, where and by whom was it collected, and how was the target established?",
        card=("collection", "dates", "target_definition"),
    ),
    Question("3b", "The sampling frame", left="Out of which set were these rows taken, and how?", card=("sampling",)),
    Question(
        "3c", "Why the data fits the task", left="Why does this table suit the question?", card=("columns_known",)
    ),
    Question("3d", "The outcome, with statistics by class", (data.about_target,)),
    Question("3e", "Sample size and outcome counts", (score.about_size,)),
    Question("3f", "Missing values, by class", (data.about_missing,)),
    Question(
        "3g",
        "Whether the sample represents the population",
        (data.about_clusters, score.about_drift),
        "In what do these rows differ from those the claim is about?",
        ("population",),
    ),
)

PREPARATION = (
    Question("4a", "What was left out, and why", (data.about_exclusions,)),
    Question("4b", "Impossible or corrupt values", (data.about_range,)),
    Question("4c", "All transformations", (model.about_preparation,)),
)

MODELS = (
    Question("5a", "The models in detail", (model.about_model,)),
    Question(
        "5b",
        "Why these kinds of model",
        (model.about_baselines,),
        "Is there a model of this field that should stand beside them?",
        ("why_learning",),
    ),
    Question("5c", "How it was evaluated, with the splits", (model.about_splits,)),
    Question("5d", "How the model was selected", (model.about_choice,)),
    Question("5e", "How settings were tuned", (model.about_tuning,)),
    Question("5f", "Whether baselines are appropriate", (model.about_baselines, score.about_score)),
)

LEAKAGE = (
    Question("6a", "Only training rows are used in training", (model.about_fitting,)),
    Question("6b", "Duplicates and dependence between rows", (data.about_clusters,)),
    Question(
        "6c",
        "Each input is legitimate",
        (data.about_legitimacy,),
        "Is every column known at the moment of the prediction?",
        ("columns_known",),
    ),
)

MEASURES = (
    Question("7a", "The measures, and why", (score.about_measure,)),
    Question("7b", "Uncertainty, and how it was found", (score.about_uncertainty,)),
    Question("7c", "Tests and their assumptions", (score.about_comparison,)),
)

REACH = (
    Question(
        "8a",
        "External validity",
        (score.about_drift,),
        "Was it tried on rows from another place or time?",
        ("population",),
    ),
    Question("8b", "Where it should not be expected to hold", (score.about_limits,), "Where else not?", ("limits",)),
)

QUESTIONS = (*STUDY, *REPEATING, *DATA, *PREPARATION, *MODELS, *LEAKAGE, *MEASURES, *REACH)


def reforms(facts: Facts) -> Checklist:
    """REFORMS, filled from a run.

    Args:
        facts: What the run found.

    Returns:
        32 items.
    """
    return fill_checklist("REFORMS", SOURCE, QUESTIONS, facts)
