"""Supervision and fidelity as rules: what the agenda raises, what is rated, what is drawn, how far raters agree.

Words it owns: agenda, observed quality, sampled session, drift, credential. Pure: facts and numbers in, answers out.
"""
