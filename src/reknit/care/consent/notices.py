"""What the law says must travel with a record that leaves."""

SHORT_NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
"""The short form that 42 CFR 2.32 allows since 2024. Kept in the words of the law, whatever the language of the page."""
