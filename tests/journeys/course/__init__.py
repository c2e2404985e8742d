"""The steps of the story of a whole course, phase by phase. The story itself is test_a_course_of_sixteen_sessions.py."""
