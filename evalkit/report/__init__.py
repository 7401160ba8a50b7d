"""Where the stages meet: the study, its sections, and the documents made from them."""
