"""Languages that a person may be asked about, by ISO 639-1 code. A choice of our own [D]; a clinic may ask for more."""

from typing import Final

LANGUAGES: Final = (
    "en", "es", "fr", "ar", "bn", "de", "el", "fa", "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "nl", "pl", "pt", "ro",
    "ru", "sq", "sr", "sw", "ta", "th", "tr", "uk", "ur", "vi",
)  # fmt: skip
