"""Screens and plans."""
