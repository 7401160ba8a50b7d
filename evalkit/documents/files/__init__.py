"""What files are called, where they lie, what they hold and how they are written whole."""
