"""From facts and words to pages."""

from .render import pdf_of

__all__ = ["pdf_of"]
