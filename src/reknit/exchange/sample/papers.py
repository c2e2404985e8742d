"""What is printed and given at the end of an invented course: each document for which everything is there."""

import datetime as dt

from reknit.care.closure.documents.actions import make_document
from reknit.care.closure.documents.kinds import PRINTED
from reknit.care.closure.documents.values import sources_of

from .course import Course
from .referrals import MINUTE


def print_papers(course: Course, at: dt.datetime) -> None:
    """After the course was closed; a certificate of attendance for the latest session."""
    found = sources_of(course.episode)
    for document in PRINTED:
        if not found.lack(document.key):
            session = found.attended[0] if document.key == "attendance" else None
            make_document(
                by=course.therapist, at=at, episode=course.episode, kind=document.key, session=session
            )
            at += MINUTE
