"""amltui: the terminal dashboard for Azure Machine Learning."""

__version__ = "0.1.0"
