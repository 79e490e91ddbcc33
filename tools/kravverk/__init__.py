"""Requirements as versioned records: what a change means, whom it hits, and who decided it."""

import os

# A machine without git is told so in a sentence (`store`), not by GitPython when it is imported.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
