"""Lets `python -m bangfu` be the same thing as `bangfu`."""

from bangfu.command import main

if __name__ == "__main__":
    main()
