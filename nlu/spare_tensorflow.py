"""Imported first by commands that never need Rasa: spaCy's thinc imports TensorFlow wherever it finds it,

which costs three seconds and 300 MB.
"""

import sys

sys.modules.setdefault("tensorflow", None)  # type: ignore[arg-type]
