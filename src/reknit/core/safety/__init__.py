"""Safety: which answers need a person, why, and by when.

Owns the words risk reason and phone safety question. Nothing here rates or predicts risk; it says that
a human being should look, gives the reason in a sentence, and sets a time. Times are programme settings.

Warning signs that a client chose are counted (`warning_signs`) and their own entries charted (`charts`). Forecasts are scored
over many people, after the fact (`evaluation`); a probability for one person is computed nowhere.
"""
