"""Property tests without a stop-watch: a busy machine must not fail a statistical property."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
