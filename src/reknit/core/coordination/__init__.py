"""Where facts stand when a level of care is talked about: headings by edition, and nothing that decides."""
