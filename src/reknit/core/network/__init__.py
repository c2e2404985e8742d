"""The people in a client's life as a network: places on the closeness circle, indices of one version, change between two.

A *ring* is 1 (closest), 2 or 3; 4 is outside the circle. An *alter* is one person on it, a *tie* joins two of them. Nothing
here knows a name: people are keys. What is not known is left out of an index and counted in its coverage, and an index that
needs more people than there are says so; neither is ever zero.
"""
