"""``python -m evalkit``: the same commands where no script folder is on the path."""

from evalkit.cli import main

if __name__ == "__main__":
    main()
