"""Safety: which answers need a person, why, and by when.

Owns the words risk reason and phone safety question. Nothing here rates or predicts risk; it says that
a human being should look, gives the reason in a sentence, and sets a time. Times are programme settings.
"""
