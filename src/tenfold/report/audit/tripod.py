"""TRIPOD+AI: what a study of a prediction model in health should report, 27 items with 52 parts.

Source: Collins et al., "TRIPOD+AI statement", BMJ 385 (2024), e078378. Items in our own, shorter words.
"""

from tenfold.report.audit import about_data as data
from tenfold.report.audit import about_model as model
from tenfold.report.audit import about_score as score
from tenfold.report.audit.checklist import Checklist, Question, fill_checklist
from tenfold.report.facts import Facts
from tenfold.report.phrases import target_of

__all__ = ["tripod"]

SOURCE = (
    "Collins et al. (2024), BMJ 385, e078378; items shortened. Made for health: elsewhere, leave out what does not fit."
)


def _title(facts: Facts) -> str:
    return f"Development and evaluation of a neural network that predicts {target_of(facts)}."


def _objectives(facts: Facts) -> str:
    return f"To develop a model that predicts {target_of(facts)}, and to evaluate it on rows it has not seen."


BEGINNING = (
    Question(
        "1", "Title: developing or evaluating, population, outcome", (_title,), "In which population?", ("title",)
    ),
    Question("2", "Abstract", (score.about_verdict,), "Background and conclusion in your words?", ("purpose",)),
    Question("3a", "The health context and existing models", left="What is known, which models exist?"),
    Question(
        "3b",
        "For whom, and who will use it",
        left="For which people is it meant, who acts on it and when?",
        card=("population", "purpose"),
    ),
    Question("3c", "Known inequalities", left="Between which groups are differences known?", card=("fairness",)),
    Question("4", "Objectives", (_objectives,), "Which decision should it help?", ("purpose",)),
)

DATA = (
    Question(
        "5a", "Sources of the data", (data.about_table,), "Where does it come from, is it representative?", ("source",)
    ),
    Question("5b", "Dates", left="From when to when were the rows collected?", card=("dates",)),
    Question("6a", "Setting", left="Where, in which kind of place, in how many?", card=("collection",)),
    Question("6b", "Who was included", left="What made a person or thing part of the table?", card=("sampling",)),
    Question("6c", "Treatments", left="Which treatments were given, and how were they dealt with?"),
    Question("7", "Preparation of the data", (model.about_preparation, data.about_exclusions)),
    Question(
        "8a",
        "The outcome and how it was assessed",
        (data.about_target,),
        "How and when was it assessed?",
        ("target_definition",),
    ),
    Question("8b", "Who assessed the outcome", left="If it takes judgement: who judged, how were they trained?"),
    Question("8c", "Whether assessors were blinded", left="Did those who assessed the outcome know the columns?"),
    Question(
        "9a",
        "Choice of the first predictors",
        (data.about_columns_before,),
        "Why were these columns collected?",
        ("columns_known",),
    ),
    Question(
        "9b", "All predictors, defined", (data.about_columns,), "How and when was each measured?", ("collection",)
    ),
    Question("9c", "Who assessed predictors", left="If it takes judgement: who judged?"),
    Question("10", "Sample size", (score.about_size,), "Was a size planned?", ("sampling",)),
    Question("11", "Missing data", (data.about_missing,)),
)

ANALYSIS = (
    Question("12a", "How the data was used and divided", (model.about_splits,)),
    Question("12b", "How predictors were handled", (model.about_preparation,)),
    Question(
        "12c",
        "Model, building, tuning, internal validation",
        (model.about_model, model.about_choice, model.about_tuning),
    ),
    Question(
        "12d",
        "Differences between clusters",
        (data.about_clusters,),
        "Between which places could it differ?",
        ("limits",),
    ),
    Question("12e", "Measures of performance", (score.about_measure, score.about_uncertainty)),
    Question("12f", "Updating of the model", (model.about_calibration,)),
    Question("12g", "How predictions are computed", (model.about_using, model.about_output)),
    Question("13", "Imbalance of classes", (data.about_classes,)),
    Question("14", "Fairness", left="What was done to treat groups alike, and why so?"),
    Question("15", "Output and thresholds", (model.about_output,)),
    Question(
        "16",
        "Development and evaluation data compared",
        (score.about_drift,),
        "Do they differ in place, time or definition?",
        ("limits",),
    ),
    Question("17", "Ethical approval", left="Who approved it, or why was no approval needed?", card=("ethics",)),
)

OPENNESS = (
    Question("18a", "Funding", left="Who paid, and what was their part?", card=("funding",)),
    Question("18b", "Conflicts of interest", left="Which interests do the authors have?", card=("interests",)),
    Question("18c", "Protocol", left="Where is the plan that was written beforehand?", card=("protocol",)),
    Question("18d", "Registration", left="Where is the study registered, or is it not?"),
    Question("18e", "Sharing of data", left="Can others get the data, and how?", card=("data_access",)),
    Question("18f", "Sharing of code", (model.about_software, model.about_repeating)),
    Question(
        "19", "Involvement of patients and the public", left="Who of those concerned took part?", card=("involvement",)
    ),
)

RESULTS = (
    Question("20a", "Flow of rows through the study", (data.about_flow,)),
    Question(
        "20b",
        "Characteristics of the rows",
        (data.about_columns, data.about_missing),
        "Which of them must a reader see in a table of their own?",
        ("population",),
    ),
    Question(
        "20c",
        "Rows of development and evaluation compared",
        (score.about_drift,),
        "Do their important columns differ?",
        ("limits",),
    ),
    Question("21", "Rows and outcomes in each analysis", (data.about_target, score.about_size)),
    Question("22", "The whole model", (model.about_model, model.about_using)),
    Question("23a", "Performance with intervals", (score.about_score,)),
    Question(
        "23b",
        "Performance in each cluster",
        (data.about_clusters,),
        "How does it do in each place or group?",
        ("fairness",),
    ),
    Question("24", "Results of updating", (model.about_calibration,)),
)

DISCUSSION = (
    Question("25", "Interpretation", left="What do the results mean beside earlier studies, fairness included?"),
    Question(
        "26", "Limitations", (score.about_limits,), "Which others, and what do they do to the result?", ("limits",)
    ),
    Question("27a", "Missing or strange input in use", (model.about_using,)),
    Question("27b", "What users must do and know", left="Must users act on or check the input, what must they know?"),
    Question("27c", "Next steps", left="What has to be studied before it is used elsewhere?"),
)

QUESTIONS = (*BEGINNING, *DATA, *ANALYSIS, *OPENNESS, *RESULTS, *DISCUSSION)


def tripod(facts: Facts) -> Checklist:
    """TRIPOD+AI, filled from a run.

    Args:
        facts: What the run found.

    Returns:
        52 items.
    """
    return fill_checklist("TRIPOD+AI", SOURCE, QUESTIONS, facts)
