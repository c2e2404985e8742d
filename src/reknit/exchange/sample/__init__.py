"""The made-up sample clinic. Every person and number in it is invented; it is made through the rooms' own actions.

`load_sample` fills an empty installation and nothing else. Who works there: `staff`. Who is how far in care: `plan`.
What a course is about: `stories.toml`. The one password of all its people is `PASSWORD`, and it is printed for
everyone: it opens only a clinic that says on every page that it is made up.
"""

from .loading import SampleSummary, is_loaded, load_sample, sign_ins
from .staff import PASSWORD

__all__ = ["PASSWORD", "SampleSummary", "is_loaded", "load_sample", "sign_ins"]
