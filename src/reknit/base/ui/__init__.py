"""The look of the product: layouts, components, figures and small widgets.

Rooms build their pages on this app. It takes plain values and draws them; it knows no client and no measure.
README.md beside this file is the reference.
"""
