"""Pages of the clinic and of care teams."""
