"""What a paper or an audit asks: checklists, model card, data sheet, paragraphs, filled from the facts of a run."""
