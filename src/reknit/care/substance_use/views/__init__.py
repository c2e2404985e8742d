"""Pages: `calendar` and `reports` for the care team, `client` for the client's own phone."""
