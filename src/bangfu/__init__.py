"""帮扶: a support plan is data; nine small acts run it; every official paper is an output."""

__version__ = "0.1.0"
