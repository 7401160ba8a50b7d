"""Plain sentences from released results: each states size, interval and n, none a cause."""

from evalkit.present.sentences.claims import (
    against_target_sentence,
    feasible_counts_sentence,
    feasible_difference_sentences,
    feasible_intervals_sentence,
    numbers_needed_for_goal,
    numbers_needed_for_groups,
    unknown_size_sentence,
)
from evalkit.present.sentences.notices import (
    missing_sentence,
    not_computed_sentence,
    test_sentences,
    warnings_box,
)
from evalkit.present.sentences.parts import outcome_is, outcome_was
from evalkit.present.sentences.shares import (
    before_after_sentences,
    change_sentences,
    printed_grade,
    share_sentence,
    subsidy_sentence,
    verdict_sentences,
)
from evalkit.present.sentences.sites import (
    chance_sentence,
    is_beyond_chance,
    message_sentence,
    sites_sentences,
)
from evalkit.present.sentences.times import (
    median_sentence,
    quantile_sentence,
    restricted_mean_sentence,
    share_at_sentence,
)
