"""Letters and reports as tagged PDF. Each room owns its templates; this shelf only renders."""
