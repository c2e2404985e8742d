"""How often the phone pages may be asked within a minute."""

# A person taps a dozen answers in a minute, and each tap is saved.
MOST_FOR_A_LINK = 120
# Counted for addresses that hold no link: someone who tries many is not filling in a form.
MOST_MISSES = 30
