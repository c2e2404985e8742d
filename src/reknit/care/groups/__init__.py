"""Groups: a run of a group with its dated members, its sessions, who worked, the climate, the weekly summary, the ending.

Words it owns: group run, member, group session, attendance, turn, response, shared note, private line, meeting alone,
weekly summary. Stands on encounters (each member's own session and note are made there), measures, network (who must not
be placed together: yes or no, never why) and everything below. It must never put a member's name into another member's
chart, nor tell a member who else is in the group; the science is `reknit.core.groups`.
"""
