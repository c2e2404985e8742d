"""Pages of this room, all for clinicians: `items` that wait, `plans` and screens."""
